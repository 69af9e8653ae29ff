use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    token: String,
    #[model(encrypted)]
    second: Option<String>,
    third: Encrypted<String>,
    fourth: Option<Encrypted<String>>,
}

fn main() {}
