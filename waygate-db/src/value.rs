//! Rust values and their PostgreSQL forms.

mod arg;
mod id;
mod json;
mod param;
mod wire;

use postgres_types::{FromSqlOwned, ToSql};

use crate::schema::SqlType;

pub use arg::IntoValue;
pub use id::{Id, Key, TenantId};
pub use json::Json;
pub use param::Param;

/// A Rust type that a column can hold.
///
/// Implemented for booleans, integers, floats, texts, bytes, UUIDs, dates, times, [`Json`], [`Id`], [`TenantId`], enums
/// with `#[derive(PgEnum)]`, and for `Vec` and `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "no PostgreSQL type is known for this",
    note = "a sealed value has no comparison: `searchable` gives its column `eq` and `in_`; else find its row by another column",
    note = "wrap a serialisable struct in `Json<…>`, derive `PgEnum` for an enum, or mark a secret `#[model(encrypted)]`"
)]
pub trait Value: ToSql + FromSqlOwned + Send + Sync + 'static {
    /// The type without its `Option`.
    type Base: Value<Base = Self::Base>;
    /// The SQL type of a column of this type.
    const TYPE: SqlType;
    /// Whether a column of this type takes NULL.
    const NULLABLE: bool = false;
}

/// A type that can be the element of an array column.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be the element of an array column")]
pub trait Element: Value {
    /// The element's SQL type.
    const ELEMENT: &'static SqlType;
}

impl<T: Value<Base = T>> Value for Option<T> {
    type Base = T;
    const TYPE: SqlType = T::TYPE;
    const NULLABLE: bool = true;
}

impl<T: Element<Base = T>> Value for Vec<T> {
    type Base = Self;
    const TYPE: SqlType = SqlType::Array(T::ELEMENT);
}

/// Declares the SQL type of a Rust type, alone and as an array's element.
macro_rules! values {
    ($($rust:ty => $sql:expr),* $(,)?) => {$(
        impl Value for $rust {
            type Base = Self;
            const TYPE: SqlType = $sql;
        }

        impl Element for $rust {
            const ELEMENT: &'static SqlType = &$sql;
        }
    )*};
}

values! {
    bool => SqlType::Bool,
    i16 => SqlType::Int2,
    i32 => SqlType::Int4,
    i64 => SqlType::Int8,
    f32 => SqlType::Float4,
    f64 => SqlType::Float8,
    String => SqlType::Text,
    uuid::Uuid => SqlType::Uuid,
    chrono::NaiveDate => SqlType::Date,
    chrono::DateTime<chrono::Utc> => SqlType::Timestamptz,
    TenantId => SqlType::Uuid,
}

/// Bytes, not an array: `u8` is no [`Element`].
impl Value for Vec<u8> {
    type Base = Self;
    const TYPE: SqlType = SqlType::Bytea;
}

impl Element for Vec<u8> {
    const ELEMENT: &'static SqlType = &SqlType::Bytea;
}
