//! What is opened on demand is ciphertext as well.

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

fn main() {
    let _ = Wallet::query().filter(|w| w.seed.eq("seed"));
    let _ = Wallet::query().order_by(|w| w.seed.desc());
}
