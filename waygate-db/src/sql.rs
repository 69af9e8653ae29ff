//! SQL: the only room that concatenates it.
//!
//! - [`identifier`] quotes names and texts;
//! - [`types`] names column types and casts what travels under another type;
//! - [`ddl`] renders the whole schema from the models' metadata;
//! - [`summary`] lists the same schema as data.

pub(crate) mod ddl;
pub(crate) mod identifier;
mod summary;
pub(crate) mod types;

pub use ddl::schema_sql;
pub use summary::{ColumnSummary, ForeignKeySummary, IndexSummary, ScopeSummary, TableSummary, schema_list};
