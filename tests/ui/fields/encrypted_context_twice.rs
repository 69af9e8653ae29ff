//! Two columns of one context would open each other's values.

use waygate_db::{Encrypted, Id, Model, Sealed, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    token: Encrypted<String>,
    #[model(encrypted(context = "notes.token"))]
    second: Encrypted<String>,
    #[model(encrypted(context = "notes.fourth"))]
    third: Option<Sealed<String>>,
    #[model(encrypted)]
    fourth: Encrypted<String>,
}

fn main() {}
