use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", has_many(lines: Line, texts: String))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
}

#[derive(Model)]
#[model(table = "lines", shared)]
struct Line {
    #[model(key)]
    id: Id<Line>,
}

fn main() {}
