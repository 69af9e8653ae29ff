//! What everybody reads refers to no tenant's row.

use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
}

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant, belongs_to(Tenant))]
    tenant_id: TenantId,
}

#[derive(Model)]
#[model(table = "countries", shared)]
struct Country {
    #[model(key)]
    id: Id<Country>,
    #[model(belongs_to(Note))]
    note_id: Id<Note>,
    #[model(belongs_to(Tenant))]
    discovered_by: TenantId,
}

fn main() {}
