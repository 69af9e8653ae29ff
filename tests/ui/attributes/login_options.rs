use chrono::{DateTime, Utc};
use waygate_db::{Model, TenantId};

#[derive(Model)]
#[model(table = "tenants")]
struct WithoutAnEnd {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login(previous = previous_hash), unique)]
    api_key_hash: String,
    #[model(unique)]
    previous_hash: Option<String>,
}

#[derive(Model)]
#[model(table = "tenants")]
struct UnknownWord {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login(previous = previous_hash, untill = previous_until), unique)]
    api_key_hash: String,
    #[model(unique)]
    previous_hash: Option<String>,
    previous_until: Option<DateTime<Utc>>,
}

#[derive(Model)]
#[model(table = "tenants")]
struct InQuotes {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login(previous = "previous_hash", until = previous_until), unique)]
    api_key_hash: String,
    #[model(unique)]
    previous_hash: Option<String>,
    previous_until: Option<DateTime<Utc>>,
}

#[derive(Model)]
#[model(table = "tenants")]
struct Valued {
    #[model(key, tenant)]
    id: TenantId,
    #[model(login = previous_hash, unique)]
    api_key_hash: String,
    #[model(unique)]
    previous_hash: Option<String>,
}

fn main() {}
