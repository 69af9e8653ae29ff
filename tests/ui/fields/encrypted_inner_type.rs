//! Types that no codec writes.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    texts: Encrypted<Vec<String>>,
    #[model(encrypted)]
    parent: Encrypted<Id<Note>>,
    #[model(encrypted)]
    ratio: Encrypted<f32>,
}

fn main() {}
