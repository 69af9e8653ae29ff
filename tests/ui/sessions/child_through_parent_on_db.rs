//! A model that is owned through its parent is tenant data too.

use waygate::models::FieldMapping;
use waygate_db::{Db, Model, Result};

async fn count(db: &Db) -> Result<u64> {
    FieldMapping::query().count(db).await
}

fn main() {}
