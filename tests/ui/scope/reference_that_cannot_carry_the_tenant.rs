//! A foreign key ignores row security, so it must carry the tenant.

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
#[model(table = "lines", tenant(through = note_id))]
struct Line {
    #[model(key)]
    id: Id<Line>,
    #[model(belongs_to(Note))]
    note_id: Id<Note>,
    #[model(belongs_to(Note))]
    other_id: Id<Note>,
}

#[derive(Model)]
#[model(table = "events")]
struct Event {
    #[model(key)]
    id: Id<Event>,
    #[model(tenant, belongs_to(Tenant))]
    tenant_id: TenantId,
    #[model(belongs_to(Line))]
    line_id: Id<Line>,
}

fn main() {}
