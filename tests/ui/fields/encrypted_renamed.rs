use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted, renamed_from = "secret")]
    token: Encrypted<String>,
}

#[derive(Model)]
#[model(table = "lines", shared, renamed_from = "rows")]
struct Line {
    #[model(key)]
    id: Id<Line>,
    #[model(encrypted)]
    token: Encrypted<String>,
}

fn main() {}
