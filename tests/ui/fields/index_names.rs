use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", index(title), unique(tenant_id, id))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(index)]
    title: String,
    #[model(index(name = "notes_pkey"))]
    other: String,
}

fn main() {}
