use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
}

fn main() {}
