//! The typed front: find, query, raw SQL, create, update, delete, page.
//!
//! A thin typed shell over the `sql` room: types check which columns take which values, then everything is a table's
//! metadata, column places and encoded parameters.

mod column;
mod cursor;
mod delete;
mod insert;
mod page;
mod predicate;
mod raw;
mod read;
mod sealed;
mod select;
mod update;
mod values;

pub use column::{Col, IntoOrder, Orders};
pub use cursor::Cursor;
pub use delete::Delete;
pub use insert::Insert;
pub use page::Page;
pub use predicate::{IntoPredicate, Predicate};
pub use raw::{Bind, RawSql, RawText};
pub use select::Query;
pub use update::Update;
pub use values::sealed_cell;

pub(crate) use read::find;
