use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", max_len = 255)]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(table = "titles")]
    title: String,
    #[model(append_only)]
    other: String,
}

fn main() {}
