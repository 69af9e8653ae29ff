//! The one way in which generated code uses a field's type.

use crate::error::Result;
use crate::model::Model;
use crate::query::{Insert, Update};
use crate::row::Row;
use crate::schema::SqlType;
use crate::value::Value;

/// What generated code does with a value of a field.
///
/// Written as `<T as Stored>::…` everywhere, a type that is no [`Value`] gives one error, in the words of that trait. As
/// an argument of `Row::get`, `Insert::set` and `Update::set` it would give one for each of them, and as a supertrait
/// one for each item below.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "no PostgreSQL type is known for this",
    note = "wrap a serialisable struct in `Json<…>`, derive `PgEnum` for an enum, or mark a secret `#[model(encrypted)]`"
)]
pub trait Stored: Sized {
    /// The SQL type of the column.
    const SQL_TYPE: SqlType;
    /// Whether the column takes NULL.
    const TAKES_NULL: bool;

    /// Reads the column at this place.
    ///
    /// # Errors
    ///
    /// [`is_decode`](crate::Error::is_decode), as [`Row::get`].
    fn read(row: &Row<'_>, column: usize) -> Result<Self>;

    /// Gives the column at this place the value, in an insert.
    fn insert<M: Model>(self, insert: &mut Insert<M>, column: usize);

    /// Gives the column at this place the value, in an update.
    fn update<M: Model>(self, update: &mut Update<M>, column: usize);
}

impl<T: Value> Stored for T {
    const SQL_TYPE: SqlType = T::TYPE;
    const TAKES_NULL: bool = T::NULLABLE;

    fn read(row: &Row<'_>, column: usize) -> Result<Self> {
        row.get(column)
    }

    fn insert<M: Model>(self, insert: &mut Insert<M>, column: usize) {
        insert.set(column, self);
    }

    fn update<M: Model>(self, update: &mut Update<M>, column: usize) {
        update.set(column, self);
    }
}
