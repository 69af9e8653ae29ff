//! Raw SQL on tenant data needs a tenant, like any query.

use waygate::models::Integration;
use waygate_db::{Db, Model, Result};

async fn list(db: &Db) -> Result<Vec<Integration>> {
    Integration::sql("SELECT {columns} FROM integrations").all(db).await
}

fn main() {}
