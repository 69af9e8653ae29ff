//! A PostgreSQL data layer for multi-tenant services.

pub mod error;
pub mod schema;
mod sql;
mod value;

pub use error::{Error, Result};
pub use schema::Schema;
pub use sql::{ColumnSummary, ForeignKeySummary, IndexSummary, ScopeSummary, TableSummary, schema_list, schema_sql};
pub use value::{Element, Id, IntoValue, Json, Key, Param, TenantId, Value};
