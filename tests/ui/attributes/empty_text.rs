use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = " ")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(column = "")]
    title: String,
}

fn main() {}
