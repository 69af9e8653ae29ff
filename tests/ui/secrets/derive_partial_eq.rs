//! Rows with a secret are not compared field by field.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model, PartialEq)]
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
