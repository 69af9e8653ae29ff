//! Rows that a blind index finds are compared in the program, so the database cannot decide an "or" or a "not" of it.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "contacts")]
struct Contact {
    #[model(key)]
    id: Id<Contact>,
    #[model(tenant)]
    tenant_id: TenantId,
    label: String,
    #[model(encrypted, searchable)]
    email: Encrypted<String>,
}

fn main() {
    let _ = Contact::query().filter(|c| c.email.eq("x") | c.label.eq("y"));
    let _ = Contact::query().filter(|c| c.label.eq("y") | c.email.eq("x"));
    let _ = Contact::query().filter(|c| !c.email.eq("x"));
}
