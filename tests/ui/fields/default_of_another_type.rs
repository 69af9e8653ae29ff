use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(default = 1)]
    title: String,
    #[model(default = "yes")]
    done: bool,
    #[model(default = 40000)]
    small: i16,
    #[model(default = i32::MAX)]
    count: i32,
    #[model(default = "{}")]
    data: waygate_db::Json,
    #[model(default)]
    at: chrono::DateTime<chrono::Utc>,
    #[model(default)]
    parent: Id<Note>,
}

fn main() {}
