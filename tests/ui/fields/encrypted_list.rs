//! A list of secrets is sealed as one value.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    marked: Vec<Encrypted<String>>,
    unmarked: Vec<Encrypted<String>>,
}

fn main() {}
