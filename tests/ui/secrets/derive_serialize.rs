//! A row with a secret is not written into an answer.

use serde::Serialize;
use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model, Serialize)]
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
