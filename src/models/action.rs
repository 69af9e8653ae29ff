//! One thing an integration can do.

use chrono::{DateTime, Utc};
use waygate_db::{Id, Json, Model, PgEnum, TenantId};

use super::{FieldMapping, Integration, RequestLog, Tenant};

/// The HTTP method of a call.
#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[model(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

/// One thing an integration can do: an endpoint with typed input and output.
#[derive(Model, Debug, Clone)]
#[model(
    table = "actions",
    unique(tenant_id, integration_id, slug, name = "actions_integration_slug_idx"),
    has_many(mappings: FieldMapping, logs: RequestLog),
)]
pub struct Action {
    /// The key.
    #[model(key)]
    pub id: Id<Action>,
    /// Whose it is: its integration's tenant, held to it by the composite foreign key.
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    pub tenant_id: TenantId,
    /// The integration it is part of.
    #[model(belongs_to(Integration, on_delete = cascade), index(name = "actions_integration_id_idx"))]
    pub integration_id: Id<Integration>,
    /// What people call it.
    #[model(max_len = 255)]
    pub name: String,
    /// What URLs call it; unique in its integration.
    #[model(max_len = 100)]
    pub slug: String,
    /// What it does.
    pub description: Option<String>,
    /// The HTTP method.
    pub http_method: HttpMethod,
    /// The path, with parameters: `/users/{id}`.
    pub endpoint_template: String,
    /// JSON Schema of the input.
    #[model(default)]
    pub input_schema: Json,
    /// JSON Schema of the output.
    #[model(default)]
    pub output_schema: Json,
    /// How the third party pages its answers.
    pub pagination_config: Option<Json>,
    /// When and how often to try again.
    pub retry_config: Option<Json>,
    /// Whether answers may be kept.
    #[model(default = false)]
    pub cacheable: bool,
    /// For how many seconds.
    pub cache_ttl_seconds: Option<i32>,
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
