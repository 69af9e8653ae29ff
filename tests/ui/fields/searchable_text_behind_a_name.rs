//! What the macro cannot see, the compiler does.

use waygate_db::{Encrypted, Id, Model, TenantId};

type Count = i64;

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted, searchable(normalize = digits))]
    count: Encrypted<Count>,
}

fn main() {}
