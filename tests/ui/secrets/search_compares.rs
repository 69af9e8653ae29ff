//! A blind index finds equal values. It knows no order, no parts of a text and not what differs.

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
    let _ = Contact::query().filter(|c| c.email.ne("x"));
    let _ = Contact::query().filter(|c| c.email.lt("x"));
    let _ = Contact::query().filter(|c| c.email.ge("x"));
    let _ = Contact::query().order_by(|c| c.email.asc());
}
