use chrono::{DateTime, Utc};
use waygate_db::{Model, TenantId};

#[derive(Model)]
#[model(table = "tenants")]
struct WrongTypes {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login(previous = previous_hash, until = previous_until), unique)]
    api_key_hash: String,
    previous_hash: String,
    previous_until: DateTime<Utc>,
}

#[derive(Model)]
#[model(table = "tenants")]
struct NoSuchFields {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login(previous = previos_hash, until = end), unique)]
    api_key_hash: String,
    #[model(unique)]
    previous_hash: Option<String>,
}

#[derive(Model)]
#[model(table = "tenants")]
struct TheOtherWayRound {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login(previous = previous_until, until = previous_hash), unique)]
    api_key_hash: String,
    #[model(unique)]
    previous_hash: Option<String>,
    previous_until: Option<DateTime<Utc>>,
}

#[derive(Model)]
#[model(table = "tenants")]
struct ItsOwnPrevious {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login(previous = api_key_hash, until = previous_until), unique)]
    api_key_hash: String,
    previous_until: Option<DateTime<Utc>>,
}

fn main() {}
