use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(unique index)]
    title: String,
    #[model(default(sql = "now()") index)]
    other: String,
}

fn main() {}
