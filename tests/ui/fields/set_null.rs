use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(belongs_to(Note, on_delete = set_null))]
    parent_id: Id<Note>,
}

fn main() {}
