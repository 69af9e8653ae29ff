//! NULL is the column's: the `Option` stands outside.

use waygate_db::{Encrypted, Id, Model, Sealed, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    first: Encrypted<Option<String>>,
    #[model(encrypted)]
    second: Sealed<Option<i64>>,
}

fn main() {}
