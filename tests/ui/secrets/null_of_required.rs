//! A required secret is never NULL.

use waygate::models::IntegrationCredential;
use waygate_db::Model;

fn main() {
    let _ = IntegrationCredential::query().filter(|c| c.encrypted_data.is_null());
}
