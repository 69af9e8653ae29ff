use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", index(title, title desc))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    title: String,
}

fn main() {}
