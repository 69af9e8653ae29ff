use waygate_db::{Id, Model, PgEnum, TenantId};

#[derive(PgEnum)]
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
    #[model(default)]
    color: Color,
}

fn main() {}
