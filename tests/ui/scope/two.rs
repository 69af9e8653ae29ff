use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", shared)]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
}

#[derive(Model)]
#[model(table = "lines", tenant(through = note_id))]
struct Line {
    #[model(key)]
    id: Id<Line>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(belongs_to(Note))]
    note_id: Id<Note>,
}

fn main() {}
