use waygate_db::{Id, Model};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: uuid::Uuid,
}

fn main() {}
