use waygate_db::{Id, Model, TenantId};

enum Color {
    Red,
}

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    color: Color,
}

fn main() {}
