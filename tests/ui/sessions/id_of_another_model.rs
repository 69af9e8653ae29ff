//! A key is of one model.

use waygate::models::{Action, Integration};
use waygate_db::{Id, Model, Result, TenantScope};

async fn find(acme: &TenantScope, id: Id<Action>) -> Result<Option<Integration>> {
    Integration::find(id, acme).await
}

fn main() {}
