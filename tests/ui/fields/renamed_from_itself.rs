use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", renamed_from = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(renamed_from = "title")]
    title: String,
}

fn main() {}
