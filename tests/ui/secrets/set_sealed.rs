//! What was sealed for one row is opened before another row gets it.

use waygate_db::{Id, Model, Sealed, TenantId};

#[derive(Model)]
#[model(table = "wallets")]
struct Wallet {
    #[model(key)]
    id: Id<Wallet>,
    #[model(tenant)]
    tenant_id: TenantId,
    #[model(encrypted)]
    seed: Sealed<String>,
}

fn copy(other: Wallet) {
    let _ = Wallet::create().seed(other.seed);
}

fn main() {}
