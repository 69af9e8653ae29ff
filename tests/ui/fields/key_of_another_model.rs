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
#[model(table = "lines", shared)]
struct Line {
    #[model(key)]
    id: Id<Note>,
}

#[derive(Model)]
#[model(table = "words", shared)]
struct Word {
    #[model(key)]
    id: i64,
}

fn main() {}
