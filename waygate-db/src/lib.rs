//! A PostgreSQL data layer for multi-tenant services.

pub mod crypto;
pub mod error;
pub mod schema;
mod value;

pub use crypto::{Codec, Encrypted, EnvKeys, KeyProvider, Keyring, Secret};
pub use error::{Error, Result};
pub use schema::Schema;
pub use value::{Element, Id, IntoValue, Json, Key, Param, TenantId, Value};
