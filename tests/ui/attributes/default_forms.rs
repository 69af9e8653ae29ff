use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(default = 0.5)]
    ratio: f64,
    #[model(default = now())]
    title: String,
    #[model(default(expression = "1"))]
    count: i32,
    #[model(default = 'a')]
    letter: String,
}

fn main() {}
