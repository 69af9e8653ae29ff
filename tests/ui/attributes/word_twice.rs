use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", table = "notices")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(max_len = 255, max_len = 100)]
    title: String,
    #[model(default)]
    #[model(default = "")]
    other: String,
}

fn main() {}
