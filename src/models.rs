//! The six Waygate models.
//!
//! A *tenant* configures *integrations*, connections to third-party APIs. Each has typed *actions*; *credentials* for
//! the third party are sealed; *field mappings* transform inputs and outputs; every call is written to *request logs*.

mod action;
mod field_mapping;
mod integration;
mod integration_credential;
mod request_log;
mod tenant;

use waygate_db::Schema;

pub use action::{Action, HttpMethod};
pub use field_mapping::{FieldMapping, MappingDirection};
pub use integration::{AuthType, Integration, IntegrationStatus};
pub use integration_credential::{Credential, CredentialStatus, CredentialType, IntegrationCredential};
pub use request_log::RequestLog;
pub use tenant::Tenant;

/// All models, parents before children.
pub static SCHEMA: Schema =
    waygate_db::schema![Tenant, Integration, Action, IntegrationCredential, FieldMapping, RequestLog];
