//! A row with a secret has no hash.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model, Hash)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    token: Encrypted<String>,
}

fn main() {}
