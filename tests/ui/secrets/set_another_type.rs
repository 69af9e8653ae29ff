//! A sealed field takes a value of its own type.

use waygate::models::IntegrationCredential;
use waygate_db::Encrypted;

fn main() {
    let _ = IntegrationCredential::create().encrypted_refresh_token(Encrypted::new(1_i64));
    let _ = IntegrationCredential::create().encrypted_refresh_token(1_i64);
}
