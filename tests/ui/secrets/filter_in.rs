//! Ciphertext has no equality with any of several values either.

use waygate::models::IntegrationCredential;
use waygate_db::Model;

fn main() {
    let _ = IntegrationCredential::query().filter(|c| c.encrypted_refresh_token.in_(["token"]));
}
