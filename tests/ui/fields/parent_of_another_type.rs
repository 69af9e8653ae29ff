use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "tenants")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
}

struct Plain;

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(belongs_to(Tenant))]
    a: Id<Note>,
    #[model(belongs_to(Note))]
    b: String,
    #[model(belongs_to(Plain))]
    c: Id<Plain>,
}

fn main() {}
