//! No tenant is the usual one.

use waygate_db::TenantId;

fn main() {
    let _ = TenantId::default();
}
