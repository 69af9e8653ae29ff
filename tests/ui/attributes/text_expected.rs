use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(column = title)]
    heading: String,
    #[model(renamed_from = 1)]
    other: String,
}

fn main() {}
