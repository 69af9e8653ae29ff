//! One call of an action, as it went.

use chrono::{DateTime, Utc};
use waygate_db::{Id, Json, Model, TenantId};

use super::{Action, Integration, Tenant};

/// One call of an action, as it went. Logs are inserted and read, never changed; they go with their action.
#[derive(Model, Debug, Clone)]
#[model(
    table = "request_logs",
    append_only,
    index(tenant_id, created_at desc, name = "logs_tenant_created_idx"),
    index(integration_id, created_at desc, name = "logs_integration_created_idx"),
    index(action_id, created_at desc, name = "logs_action_created_idx"),
)]
pub struct RequestLog {
    /// The key.
    #[model(key)]
    pub id: Id<RequestLog>,
    /// Whose it is.
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    pub tenant_id: TenantId,
    /// The integration that was called.
    #[model(belongs_to(Integration, on_delete = cascade))]
    pub integration_id: Id<Integration>,
    /// The action that was called.
    #[model(belongs_to(Action, on_delete = cascade))]
    pub action_id: Id<Action>,
    /// What was asked, without secrets.
    pub request_summary: Json,
    /// What was answered, without secrets.
    pub response_summary: Option<Json>,
    /// The HTTP status of the answer.
    pub status_code: Option<i32>,
    /// How long it took.
    pub latency_ms: i32,
    /// How often it was tried again.
    #[model(default = 0)]
    pub retry_count: i32,
    /// What went wrong.
    pub error: Option<Json>,
    /// When it happened.
    #[model(created_at)]
    pub created_at: DateTime<Utc>,
}
