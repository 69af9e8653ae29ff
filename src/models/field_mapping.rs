//! How a field of one side becomes a field of the other.

use chrono::{DateTime, Utc};
use waygate_db::{Id, Json, Model, PgEnum, TenantId};

use super::Action;

/// Which way a mapping works.
#[derive(PgEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum MappingDirection {
    /// From the caller to the third party.
    Input,
    /// From the third party to the caller.
    Output,
}

/// How a field of one side becomes a field of the other.
///
/// The row belongs to whoever owns the action. Without a `tenant_id` it is the action's default; with one, which can
/// only be the owner, it overrides the default.
#[derive(Model, Debug, Clone)]
#[model(
    table = "field_mappings",
    tenant(through = action_id, owner = tenant_id),
    index(action_id, tenant_id, name = "mappings_action_tenant_idx"),
)]
pub struct FieldMapping {
    /// The key.
    #[model(key)]
    pub id: Id<FieldMapping>,
    /// The action it works for, and through which it is owned.
    #[model(belongs_to(Action, on_delete = cascade))]
    pub action_id: Id<Action>,
    /// The owner, when this overrides the default.
    pub tenant_id: Option<TenantId>,
    /// Where the value comes from, as JSONPath.
    #[model(max_len = 255)]
    pub source_path: String,
    /// Where the value goes, as JSONPath.
    #[model(max_len = 255)]
    pub target_path: String,
    /// What happens to the value on the way.
    pub transform_config: Option<Json>,
    /// Which way it works.
    pub direction: MappingDirection,
    /// When it was made.
    #[model(created_at)]
    pub created_at: DateTime<Utc>,
}
