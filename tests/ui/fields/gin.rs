use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(index(using = gin, desc))]
    tags: Vec<String>,
    #[model(index(using = gin))]
    title: String,
    #[model(unique(using = gin))]
    words: Vec<String>,
}

fn main() {}
