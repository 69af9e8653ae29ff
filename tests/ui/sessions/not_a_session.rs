//! Only handles of this library run statements.

use waygate::models::Integration;
use waygate_db::{Model, Result};

async fn list() -> Result<Vec<Integration>> {
    Integration::query().all(&"acme").await
}

fn main() {}
