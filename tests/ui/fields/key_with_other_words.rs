use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key, unique, default, encrypted, belongs_to(Note), max_len = 36)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
}

fn main() {}
