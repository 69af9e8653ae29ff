use waygate_db::{Encrypted, Id, Json, Model, Sealed, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key)]
    id: Id<Note>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(searchable)]
    a: String,
    #[model(encrypted, searchable(bits = 7))]
    b: Encrypted<String>,
    #[model(encrypted, searchable(bits = 129))]
    c: Encrypted<String>,
    #[model(encrypted, searchable(bits = 64, unique))]
    d: Encrypted<String>,
    #[model(encrypted, searchable)]
    e: Encrypted<f64>,
    #[model(encrypted, searchable)]
    f: Option<Sealed<Json<u32>>>,
    #[model(encrypted, searchable(normalize = lower))]
    g: Encrypted<i64>,
    #[model(created_at, searchable)]
    h: chrono::DateTime<chrono::Utc>,
}

fn main() {}
