//! The words inside `encrypted(…)`.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted(contxt = "notes.secret"))]
    a: Encrypted<String>,
    #[model(encrypted(padding = none))]
    b: Encrypted<String>,
    #[model(encrypted(context = secret))]
    c: Encrypted<String>,
    #[model(encrypted(context = ""))]
    d: Encrypted<String>,
    #[model(encrypted(context = "notes.e", context = "notes.f"))]
    e: Encrypted<String>,
    #[model(encrypted(migrate_from = plain))]
    f: Encrypted<String>,
    #[model(encrypted, encrypted)]
    g: Encrypted<String>,
}

fn main() {}
