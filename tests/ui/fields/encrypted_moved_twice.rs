//! A plain column has one heir.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted(migrate_from = "plain"))]
    first: Encrypted<String>,
    #[model(encrypted(migrate_from = "plain"))]
    second: Encrypted<String>,
}

fn main() {}
