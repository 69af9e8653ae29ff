use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", uniqe(tenant_id, title), relations(a: A))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(uniqe)]
    title: String,
    #[model(primary)]
    other: String,
}

fn main() {}
