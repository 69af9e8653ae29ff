#[model(table = "tenants")]
pub(crate) struct Tenant {
    #[model(key, tenant)]
    pub(crate) id: TenantId,
    #[model(max_len = 255, unique(name = "tenants_email_idx"))]
    pub(crate) email: String,
    #[model(login(previous = previous_hash, until = previous_until), unique)]
    pub(crate) api_key_hash: String,
    #[model(unique)]
    pub(crate) previous_hash: Option<String>,
    pub(crate) previous_until: Option<DateTime<Utc>>,
}
