/// A connection to a third-party API.
///
/// Its secrets are sealed.
#[model(
    table = "integrations",
    unique(tenant_id, slug, name = "integrations_tenant_slug_idx"),
    index(tenant_id, created_at desc, where = "status = 'active'"),
    has_many(actions: Action)
)]
pub struct Integration {
    #[model(key)]
    pub id: Id<Integration>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    pub tenant_id: TenantId,
    /// What URLs call it.
    #[model(max_len = 100, backfill = "lower(name)")]
    pub slug: String,
    #[model(using = "auth_type::text::auth_type")]
    pub auth_type: AuthType,
    #[model(default = IntegrationStatus::Draft)]
    pub status: IntegrationStatus,
    pub description: Option<String>,
    #[model(default, index(using = gin))]
    pub tags: Vec<String>,
    #[model(encrypted)]
    pub token: Encrypted<String>,
    #[model(encrypted, searchable(normalize = lower, unique))]
    pub email: Option<Encrypted<String>>,
    #[model(created_at)]
    pub created_at: DateTime<Utc>,
    #[model(updated_at)]
    pub updated_at: DateTime<Utc>,
}
