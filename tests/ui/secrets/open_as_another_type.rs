//! A value is opened as what it was sealed as.

use waygate_db::{Encrypted, Result, Sealed, TenantScope};

async fn read(acme: &TenantScope, seed: &Sealed<String>) -> Result<Encrypted<i64>> {
    seed.open(acme).await
}

fn main() {}
