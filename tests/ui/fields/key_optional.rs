use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Option<Id<Note>>,
    #[model(tenant)]
    tenant_id: TenantId,
}

fn main() {}
