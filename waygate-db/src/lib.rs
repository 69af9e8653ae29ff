//! A PostgreSQL data layer for multi-tenant services.

pub mod error;
pub mod migrate;
pub mod schema;
mod session;
mod value;

pub use error::{Error, Result};
pub use schema::Schema;
pub use session::Maintenance;
pub use value::{Element, Id, IntoValue, Json, Key, Param, TenantId, Value};
pub use waygate_macros::migrations;

/// What generated code names; no part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::migrate::Migration;
}
