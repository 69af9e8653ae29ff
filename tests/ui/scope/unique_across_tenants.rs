use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", unique(slug), unique(slug, tenant_id))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    slug: String,
}

#[derive(Model)]
#[model(table = "lines", tenant(through = note_id), unique(position))]
struct Line {
    #[model(key)]
    id: Id<Line>,
    #[model(belongs_to(Note, on_delete = cascade))]
    note_id: Id<Note>,
    position: i32,
}

fn main() {}
