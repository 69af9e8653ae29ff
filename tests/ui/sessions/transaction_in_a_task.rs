//! A task could outlive the transaction, so it cannot have it.

use waygate::models::Integration;
use waygate_db::{Error, Model, Result, TenantScope};

async fn go_on(acme: &TenantScope) -> Result<()> {
    acme.transaction(async |tx| {
        tokio::spawn(async move { Integration::query().count(tx).await });
        Ok::<_, Error>(())
    })
    .await
}

fn main() {}
