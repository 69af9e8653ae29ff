//! Not even one row by its key.

use waygate::models::Integration;
use waygate_db::{Db, Id, Model, Result};

async fn find(db: &Db, id: Id<Integration>) -> Result<Option<Integration>> {
    Integration::find(id, db).await
}

fn main() {}
