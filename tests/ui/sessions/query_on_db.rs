//! Tenant data needs a tenant; `Db` carries none.

use waygate::models::Integration;
use waygate_db::{Db, Model, Result};

async fn list(db: &Db) -> Result<Vec<Integration>> {
    Integration::query().all(db).await
}

fn main() {}
