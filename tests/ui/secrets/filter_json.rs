//! The database does not look into a sealed document.

use waygate::models::IntegrationCredential;
use waygate_db::Model;

fn main() {
    let _ = IntegrationCredential::query().filter(|c| c.encrypted_data.contains_json(serde_json::json!({})));
}
