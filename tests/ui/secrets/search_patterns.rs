//! A blind index holds whole values, so no part of one is found.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "contacts")]
struct Contact {
    #[model(key)]
    id: Id<Contact>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted, searchable)]
    email: Encrypted<String>,
}

fn main() {
    let _ = Contact::query().filter(|c| c.email.like("x%"));
    let _ = Contact::query().filter(|c| c.email.ilike_contains("x"));
    let _ = Contact::query().filter(|c| c.email.starts_with("x"));
}
