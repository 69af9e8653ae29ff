//! A value is sealed once.

use waygate_db::{Encrypted, Id, Model, Sealed, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    first: Encrypted<Encrypted<String>>,
    #[model(encrypted)]
    second: Sealed<Encrypted<String>>,
}

fn main() {}
