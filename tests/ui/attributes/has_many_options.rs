use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", has_many = Line, has_many(Line), has_many(lines = Line))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
}

fn main() {}
