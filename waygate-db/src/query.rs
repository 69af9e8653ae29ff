//! The typed front: find, query, raw SQL, create, update, delete, page.
//!
//! A thin typed shell over the `sql` room: types check which columns take which values, then everything is a table's
//! metadata, column places and encoded parameters.

mod blind;
mod column;
mod cursor;
mod delete;
mod equality;
mod insert;
mod page;
mod predicate;
mod raw;
mod read;
mod sealed;
mod select;
mod update;
mod values;
mod window;

pub use blind::BlindPredicate;
pub use column::{Col, IntoOrder, Orders};
pub use cursor::Cursor;
pub use delete::Delete;
pub use equality::{Equality, Membership, Searched};
pub use insert::Insert;
pub use page::Page;
pub use predicate::{IntoAlternative, IntoPredicate, Predicate};
pub use raw::{Bind, RawSql, RawText};
pub use select::Query;
pub use update::Update;
pub use values::sealed_cell;

pub(crate) use read::find;
