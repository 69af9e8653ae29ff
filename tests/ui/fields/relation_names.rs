use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", has_many(lines: Note, rows: Note, rows: Note))]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    lines: String,
}

fn main() {}
