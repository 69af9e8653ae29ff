//! A tenant does not make tenants.

use waygate::models::Tenant;
use waygate_db::{Result, TenantScope};

async fn create(acme: &TenantScope) -> Result<Tenant> {
    Tenant::create().name("Acme").email("a@b.c").waygate_api_key_hash("00").insert(acme).await
}

fn main() {}
