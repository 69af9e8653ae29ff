//! The plain column has no field of its own.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted(migrate_from = "token"))]
    token: Encrypted<String>,
    #[model(encrypted(migrate_from = "written"))]
    second: Encrypted<String>,
    #[model(column = "written")]
    plain: String,
}

fn main() {}
