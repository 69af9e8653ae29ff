//! A tenant does not delete itself.

use waygate::models::Tenant;
use waygate_db::{Model, Result, TenantScope};

async fn delete(acme: &TenantScope) -> Result<bool> {
    Tenant::delete(acme.id()).exec(acme).await
}

fn main() {}
