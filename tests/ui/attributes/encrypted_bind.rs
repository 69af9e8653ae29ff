//! What a sealed value can be bound to.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted(bind = table))]
    unknown: Encrypted<String>,
    #[model(encrypted(bind = "row"))]
    quoted: Encrypted<String>,
    #[model(encrypted(bind))]
    nothing: Encrypted<String>,
    #[model(encrypted(bind = row, bind = tenant))]
    twice: Encrypted<String>,
}

fn main() {}
