//! A transaction cannot leave its closure.

use waygate_db::{Error, Result, TenantScope, Transaction};

async fn keep(acme: &TenantScope) -> Result<()> {
    let mut kept: Option<&Transaction<TenantScope>> = None;
    acme.transaction(async |tx| {
        kept = Some(tx);
        Ok::<_, Error>(())
    })
    .await
}

fn main() {}
