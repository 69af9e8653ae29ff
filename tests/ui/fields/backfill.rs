use chrono::{DateTime, Utc};
use waygate_db::{Encrypted, Id, Model, TenantId};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    #[model(key, backfill = "gen_random_uuid()")]
    id: Id<Note>,
    #[model(tenant, backfill = "owner_id")]
    tenant_id: TenantId,
    #[model(backfill = "''", using = " ")]
    title: String,
    #[model(backfill = lower(title))]
    slug: String,
    #[model(using)]
    position: i32,
    #[model(encrypted, backfill = "'secret'")]
    token: Encrypted<String>,
    #[model(encrypted, using = "pin::bytea")]
    pin: Option<Encrypted<String>>,
    #[model(created_at, backfill = "made_on")]
    created_at: DateTime<Utc>,
}

fn main() {}
