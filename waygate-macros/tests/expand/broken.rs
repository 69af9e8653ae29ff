#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Option<Id<Note>>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    token: String,
}
