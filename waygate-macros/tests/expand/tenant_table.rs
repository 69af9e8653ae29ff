#[model(table = "tenants")]
pub(crate) struct Tenant {
    #[model(key, tenant)]
    pub(crate) id: TenantId,
    #[model(max_len = 255, unique(name = "tenants_email_idx"))]
    pub(crate) email: String,
    #[model(login, unique)]
    pub(crate) api_key_hash: String,
}
