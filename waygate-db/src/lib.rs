//! A PostgreSQL data layer for multi-tenant services.

pub mod environment;
pub mod error;
pub mod local;
pub mod schema;
mod url;
mod value;

pub use environment::Environment;
pub use error::{Error, Result};
pub use schema::Schema;
pub use url::DatabaseUrl;
pub use value::{Element, Id, IntoValue, Json, Key, Param, TenantId, Value};
