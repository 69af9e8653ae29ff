//! A connection to a third-party API.

use chrono::{DateTime, Utc};
use waygate_db::{Id, Json, Model, PgEnum, TenantId};

use super::{Action, IntegrationCredential, RequestLog, Tenant};

/// How the third party knows who calls.
#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthType {
    /// OAuth 2 with access and refresh tokens.
    Oauth2,
    /// A key in a header or the query.
    ApiKey,
    /// HTTP basic authentication.
    Basic,
    /// A bearer token.
    Bearer,
    /// A header of the third party's own.
    CustomHeader,
}

/// Whether an integration may be called.
#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntegrationStatus {
    /// Being configured.
    Draft,
    /// In use.
    Active,
    /// Failing.
    Error,
    /// Switched off.
    Disabled,
}

/// A connection to a third-party API.
#[derive(Model, Debug, Clone)]
#[model(
    table = "integrations",
    unique(tenant_id, slug, name = "integrations_tenant_slug_idx"),
    has_many(actions: Action, credentials: IntegrationCredential, logs: RequestLog),
)]
pub struct Integration {
    /// The key.
    #[model(key)]
    pub id: Id<Integration>,
    /// Whose it is.
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    pub tenant_id: TenantId,
    /// What people call it.
    #[model(max_len = 255)]
    pub name: String,
    /// What URLs call it; unique in its tenant.
    #[model(max_len = 100)]
    pub slug: String,
    /// What it is for.
    pub description: Option<String>,
    /// The third party's manual.
    pub documentation_url: Option<String>,
    /// How the third party knows who calls.
    pub auth_type: AuthType,
    /// Endpoints and scopes; nothing secret.
    #[model(default)]
    pub auth_config: Json,
    /// Whether it may be called.
    #[model(default = IntegrationStatus::Draft, index(name = "integrations_status_idx"))]
    pub status: IntegrationStatus,
    /// Words to find it by.
    #[model(default, index(name = "integrations_tags_idx", using = gin))]
    pub tags: Vec<String>,
    /// Whatever else the tenant keeps with it.
    #[model(default)]
    pub metadata: Json,
    /// When it was made.
    #[model(created_at)]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[model(updated_at)]
    pub updated_at: DateTime<Utc>,
}
