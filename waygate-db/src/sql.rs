//! SQL: the only room that concatenates it.
//!
//! - [`identifier`] quotes names and texts;
//! - [`types`] names column types and casts what travels under another type;
//! - [`statement`] grows a text and its parameters together;
//! - [`scope`] confines a statement to a tenant, [`predicate`] renders its conditions;
//! - [`select`] and [`write`] are the statements on rows, [`raw`] the ones whose text is the user's own;
//! - [`cells`] and [`digests`] are about sealed values and blind indexes as bytes, for the jobs of `keys`;
//! - [`moving`] is about plain columns whose values are being sealed;
//! - [`cells`] counts, reads and swaps sealed cells as bytes, for the jobs over keys;
//! - [`lexer`] reads texts that were not written here;
//! - [`ddl`] renders the whole schema from the models' metadata, [`summary`] lists it as data, [`placement`] says what
//!   of it fits on a cluster.

pub(crate) mod cells;
pub(crate) mod ddl;
mod digests;
pub(crate) mod identifier;
pub(crate) mod lexer;
mod moving;
mod placement;
mod predicate;
mod raw;
mod scope;
mod select;
mod statement;
mod summary;
pub(crate) mod types;
mod write;

pub use ddl::schema_sql;
pub(crate) use ddl::{derived, wrapped};
pub use placement::{Misfit, schema_check};
pub use summary::{ColumnSummary, ForeignKeySummary, IndexSummary, ScopeSummary, TableSummary, schema_list};

pub(crate) use digests::{Digests, Indexed, digests, scatter_digests, write_digests};
pub(crate) use moving::{plain_count, plain_rows, seal_plain};
pub(crate) use predicate::{Node, Operator};
pub(crate) use raw::{Bound, raw};
pub(crate) use select::{Order, Select, by_key, count, exists, rows};
pub(crate) use statement::{Access, Candour, Statement};
pub(crate) use write::{Change, Guard, OnConflict, Returning, Touch, delete, insert, update};
