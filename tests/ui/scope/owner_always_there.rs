use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
}

#[derive(Model)]
#[model(table = "lines", tenant(through = note_id, owner = tenant_id))]
struct Line {
    #[model(key)]
    id: Id<Line>,
    #[model(belongs_to(Note, on_delete = cascade))]
    note_id: Id<Note>,
    tenant_id: TenantId,
}

fn main() {}
