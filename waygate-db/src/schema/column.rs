//! One column: its type, default, role and encryption.

use super::Search;

/// One column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The name in the database.
    pub name: &'static str,
    /// The name of the struct's field.
    pub field: &'static str,
    /// The SQL type.
    pub ty: SqlType,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What the database fills in when an insert leaves the column out.
    pub default: DefaultValue,
    /// What the library does with the column.
    pub role: ColumnRole,
    /// How its values are sealed, if they are.
    pub encryption: Option<Encryption>,
    /// The column's earlier name, for the migration that renames it.
    pub renamed_from: Option<&'static str>,
    /// What rows that are there get when a migration adds the column, as an SQL expression over their other columns.
    pub backfill: Option<&'static str>,
    /// What a value becomes when a migration changes the column's type, as an SQL expression over the row as it was.
    pub using: Option<&'static str>,
    /// What the column is, from the field's doc comment; for a column without a field, in the library's words.
    pub comment: Option<&'static str>,
}

impl Column {
    /// Whether an insert may leave this column out.
    #[must_use]
    pub const fn is_optional_on_insert(&self) -> bool {
        self.nullable || !matches!(self.default, DefaultValue::None)
    }
}

/// What the library does with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRole {
    /// The caller's own data.
    Data,
    /// The primary key, made in the application.
    Key,
    /// The tenant, stamped by the column's default and granted for writing to nobody.
    Tenant,
    /// Set once, by the column's default.
    CreatedAt,
    /// Set on every update, by a trigger; on Citus, which has none, by the library's statement.
    UpdatedAt,
    /// A plain column whose values are being moved into a sealed one. It has no field: it is read where the sealed column
    /// is still NULL, emptied when the row is written, and never written otherwise.
    Plaintext,
    /// The blind index of the sealed column at this place: written with it, and never read.
    BlindIndex(usize),
}

/// How a column's values are sealed.
#[derive(Debug, Clone, Copy)]
pub struct Encryption {
    /// The stable name that the ciphertext is bound to: `table.column` as first declared. A rename keeps it.
    pub context: &'static str,
    /// The number of the value's codec in the stored format.
    pub codec: u8,
    /// What the ciphertext is bound to beside its column.
    pub binding: Binding,
    /// How the value's length is hidden.
    pub padding: Padding,
    /// When a value is opened.
    pub opened: Opened,
    /// The place of the plain column that the values are being moved out of, if they are.
    pub moved_from: Option<usize>,
    /// How its values are found, if they are.
    pub search: Option<Search>,
}

/// What a sealed value is bound to beside its column: where else it does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// Its row, and its tenant where the row names one.
    Row,
    /// Its tenant alone: a row may take it over from another row of the same tenant.
    Tenant,
    /// Nothing but the column.
    Column,
}

/// How the length of a sealed value is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// For values of varying length to multiples of 16 bytes, above 256 bytes by at most an eighth; fixed widths need none.
    Auto,
    /// Not at all.
    None,
    /// To multiples of so many bytes.
    Block(u16),
    /// To so many bytes, whatever the value; a longer one is refused.
    Fixed(u32),
}

/// When a sealed value is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// With its row: a field of `Encrypted<…>`.
    WithRow,
    /// When the program asks: a field of `Sealed<…>`.
    OnDemand,
}

/// What the database fills in when an insert leaves a column out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultValue {
    /// Nothing: the column is required, unless it is nullable.
    None,
    /// The type's empty value: `'{}'` for JSON and arrays, `''`, `0`, `false`.
    Empty,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(&'static str),
    /// A label of the column's enum.
    Label(&'static str),
    /// `now()`, the transaction's time.
    Now,
    /// `gen_random_uuid()`.
    RandomUuid,
    /// The tenant that the session has set.
    Tenant,
    /// An SQL expression, as the user wrote it.
    Sql(&'static str),
}

/// The SQL type of a column.
#[derive(Debug, Clone, Copy)]
pub enum SqlType {
    /// `boolean`
    Bool,
    /// `smallint`
    Int2,
    /// `integer`
    Int4,
    /// `bigint`
    Int8,
    /// `real`
    Float4,
    /// `double precision`
    Float8,
    /// `text`
    Text,
    /// `varchar(n)`, n in characters
    Varchar(u32),
    /// `bytea`
    Bytea,
    /// `uuid`
    Uuid,
    /// `date`
    Date,
    /// `timestamp with time zone`
    Timestamptz,
    /// `jsonb`
    Jsonb,
    /// A native enum
    Enum(&'static EnumType),
    /// The domain `waygate.encrypted`
    Encrypted,
    /// An array
    Array(&'static SqlType),
    /// A type that the user named with `sql = "…"`; it travels as text
    Named(&'static str),
}

impl SqlType {
    /// This text type, limited to `max_len` characters.
    ///
    /// # Panics
    ///
    /// At compile time, when the type is not a text.
    #[doc(hidden)]
    #[must_use]
    #[expect(clippy::panic, reason = "evaluated in const metadata only, where it is a compile error")]
    pub const fn max_len(self, max_len: u32) -> Self {
        match self {
            Self::Text => Self::Varchar(max_len),
            _ => panic!("`max_len` is for text columns: fields of type `String` or `Option<String>`"),
        }
    }

    /// The enum that this type, or the element of this array, is.
    #[must_use]
    pub const fn enum_type(&self) -> Option<&'static EnumType> {
        match self {
            Self::Enum(ty) => Some(*ty),
            Self::Array(element) => element.enum_type(),
            _ => None,
        }
    }
}

/// A native enum type, from `#[derive(PgEnum)]`.
#[derive(Debug, Clone, Copy)]
pub struct EnumType {
    /// The type's name in the database.
    pub name: &'static str,
    /// The labels, in the database's order.
    pub labels: &'static [&'static str],
    /// The Rust enum.
    pub rust: &'static str,
    /// Labels with their earlier spellings, as (old, new), for the migration that renames them.
    pub renamed: &'static [(&'static str, &'static str)],
    /// The type's earlier name, for the migration that renames it.
    pub renamed_from: Option<&'static str>,
    /// What the type is, from the enum's doc comment.
    pub comment: Option<&'static str>,
}
