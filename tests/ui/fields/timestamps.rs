use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(created_at)]
    a: chrono::DateTime<chrono::Utc>,
    #[model(created_at)]
    b: chrono::DateTime<chrono::Utc>,
    #[model(updated_at)]
    c: chrono::DateTime<chrono::Utc>,
    #[model(updated_at, default)]
    d: Option<chrono::DateTime<chrono::Utc>>,
}

fn main() {}
