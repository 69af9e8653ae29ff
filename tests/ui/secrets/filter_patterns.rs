//! Ciphertext has no part that could match a pattern.

use waygate::models::IntegrationCredential;
use waygate_db::Model;

fn main() {
    let _ = IntegrationCredential::query().filter(|c| c.encrypted_refresh_token.like("xoxb%"));
    let _ = IntegrationCredential::query().filter(|c| c.encrypted_data.starts_with("xoxb"));
}
