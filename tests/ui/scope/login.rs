use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(login, unique)]
    api_key_hash: String,
}

#[derive(Model)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login)]
    api_key_hash: Option<String>,
    #[model(login, unique)]
    second: String,
}

fn main() {}
