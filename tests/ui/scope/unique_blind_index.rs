//! What a unique index refuses tells what is there.

use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
    #[model(encrypted, searchable(unique))]
    email: Encrypted<String>,
}

#[derive(Model)]
#[model(table = "contacts")]
struct Contact {
    #[model(key)]
    id: Id<Contact>,
    #[model(tenant, belongs_to(Tenant))]
    tenant_id: TenantId,
    #[model(encrypted, searchable(scope = app, unique))]
    email: Encrypted<String>,
}

fn main() {}
