//! The service reaches all tenants, so an insert must say for which.

use waygate::models::{AuthType, Integration};
use waygate_db::{Result, ServiceScope};

async fn create(service: &ServiceScope) -> Result<Integration> {
    Integration::create().name("Slack").slug("slack").auth_type(AuthType::Oauth2).insert(service).await
}

fn main() {}
