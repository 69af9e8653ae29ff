use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[doc = "What it is\0 called."]
    title: String,
}

fn main() {}
