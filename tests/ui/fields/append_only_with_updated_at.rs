use waygate_db::{Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes", append_only)]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(updated_at)]
    updated_at: chrono::DateTime<chrono::Utc>,
}

fn main() {}
