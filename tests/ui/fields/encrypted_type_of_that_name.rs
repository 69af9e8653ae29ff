//! A type that is only named like the library's.

use waygate_db::{Id, Model, TenantId};

struct Encrypted<T>(T);

#[derive(Model)]
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
