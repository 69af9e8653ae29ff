//! A value that is still in the plain column has no digest.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted(migrate_from = "plain"), searchable)]
    token: Encrypted<String>,
}

fn main() {}
