use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant, unique, default, encrypted, max_len = 36)]
    tenant_id: TenantId,
}

fn main() {}
