//! What is opened on demand has no plain column to fall back to.

use waygate_db::{Id, Model, Sealed, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted(migrate_from = "plain_a"))]
    a: Sealed<String>,
    #[model(encrypted(migrate_from = "plain_b"))]
    b: Option<Sealed<String>>,
}

fn main() {}
