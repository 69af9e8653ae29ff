//! Ciphertext has no order.

use waygate::models::IntegrationCredential;
use waygate_db::Model;

fn main() {
    let _ = IntegrationCredential::query().order_by(|c| c.encrypted_data.asc());
}
