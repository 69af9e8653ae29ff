//! What the database reads stays readable.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key, encrypted)]
    id: Id<Note>,
    #[model(tenant, encrypted)]
    tenant_id: TenantId,
    #[model(updated_at, encrypted)]
    updated_at: chrono::DateTime<chrono::Utc>,
    #[model(login, encrypted)]
    api_key_hash: Encrypted<Vec<u8>>,
}

fn main() {}
