use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", tenant)]
struct Note {
    #[model(key)]
    id: Id<Note>,
}

#[derive(Model)]
#[model(table = "lines", tenant(via = note_id))]
struct Line {
    #[model(key)]
    id: Id<Line>,
    note_id: Id<Note>,
}

#[derive(Model)]
#[model(table = "words")]
struct Word {
    #[model(key)]
    id: Id<Word>,
    #[model(tenant(through = line_id))]
    tenant_id: TenantId,
}

fn main() {}
