use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted, unique)]
    a: Encrypted<String>,
    #[model(encrypted, index, max_len = 40, default)]
    b: Encrypted<String>,
    #[model(encrypted, sql = "text", belongs_to(Note))]
    c: Encrypted<String>,
    #[model(created_at, encrypted)]
    d: Encrypted<String>,
}

fn main() {}
