//! Reference data is written by the service.

use waygate_db::{Id, Model, Result, TenantScope};

#[derive(Model, Debug)]
#[model(table = "countries", shared)]
pub struct Country {
    #[model(key)]
    id: Id<Country>,
    code: String,
}

async fn create(acme: &TenantScope) -> Result<Country> {
    Country::create().code("NZ").insert(acme).await
}

fn main() {}
