use waygate_db::{Id, Model, PgEnum, TenantId};

#[derive(PgEnum)]
enum Color {
    Red,
}

#[derive(PgEnum)]
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
    #[model(default = "red")]
    second: Color,
}

fn main() {}
