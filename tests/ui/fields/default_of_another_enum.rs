use waygate_db::{Id, Model, PgEnum, TenantId};

#[derive(PgEnum, Debug)]
enum Color {
    Red,
}

#[derive(PgEnum, Debug)]
enum Size {
    Small,
}

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(default = Size::Small)]
    color: Color,
}

fn main() {}
