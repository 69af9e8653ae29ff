//! How a value's length can be hidden.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted(pad = 16))]
    a: Encrypted<String>,
    #[model(encrypted(pad = fixed(0)))]
    b: Encrypted<String>,
    #[model(encrypted(pad = fixed(16777217)))]
    c: Encrypted<String>,
    #[model(encrypted(pad = block(1)))]
    d: Encrypted<String>,
    #[model(encrypted(pad = block(70000)))]
    e: Encrypted<String>,
    #[model(encrypted(pad = auto))]
    f: Encrypted<String>,
    #[model(encrypted(pad = block))]
    g: Encrypted<String>,
    #[model(encrypted(pad = block(8, 16)))]
    h: Encrypted<String>,
    #[model(encrypted(pad))]
    i: Encrypted<String>,
}

fn main() {}
