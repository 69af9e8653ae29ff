//! Ciphertext has no equality.

use waygate::models::IntegrationCredential;
use waygate_db::Model;

fn main() {
    let _ = IntegrationCredential::query().filter(|c| c.encrypted_refresh_token.eq("token"));
}
