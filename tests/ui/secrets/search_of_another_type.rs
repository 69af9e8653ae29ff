//! A searchable field is asked for values of its own type.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "contacts")]
struct Contact {
    #[model(key)]
    id: Id<Contact>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted, searchable)]
    number: Encrypted<i64>,
}

fn main() {
    let _ = Contact::query().filter(|c| c.number.eq("x"));
}
