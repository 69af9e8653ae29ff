//! A row with a secret is not read from a request.

use serde::Deserialize;
use waygate_db::{Id, Model, Sealed, TenantId};

#[derive(Model, Deserialize)]
#[model(table = "wallets")]
struct Wallet {
    #[model(key)]
    id: Id<Wallet>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    seed: Sealed<String>,
}

fn main() {}
