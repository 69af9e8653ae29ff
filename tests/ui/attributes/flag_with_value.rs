use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", append_only = true)]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(created_at = now)]
    made: chrono::DateTime<chrono::Utc>,
    #[model(login(true))]
    other: String,
}

fn main() {}
