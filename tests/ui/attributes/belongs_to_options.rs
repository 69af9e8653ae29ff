use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(belongs_to)]
    a: Id<Note>,
    #[model(belongs_to())]
    b: Id<Note>,
    #[model(belongs_to(Note, on_delete = delete))]
    c: Id<Note>,
    #[model(belongs_to(Note, on_update = cascade))]
    d: Id<Note>,
    #[model(belongs_to = Note)]
    e: Id<Note>,
}

fn main() {}
