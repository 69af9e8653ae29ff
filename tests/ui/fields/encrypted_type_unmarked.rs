//! The type without the word.

use waygate_db::{Id, Model, Sealed, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    first: Sealed<String>,
    second: Option<Sealed<String>>,
}

fn main() {}
