//! Equal secrets are sealed to different bytes.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", unique(tenant_id, token))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    token: Encrypted<String>,
}

fn main() {}
