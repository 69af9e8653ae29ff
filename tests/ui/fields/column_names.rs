use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    title: String,
    #[model(column = "title")]
    heading: String,
    ctid: String,
    #[model(column = "xmin")]
    start: i32,
}

fn main() {}
