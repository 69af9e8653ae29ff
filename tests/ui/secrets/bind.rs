//! Ciphertext is no parameter.

use waygate::models::IntegrationCredential;
use waygate_db::{Encrypted, Model};

fn main() {
    let text = "SELECT {columns} FROM integration_credentials WHERE encrypted_refresh_token = $1";
    let _ = IntegrationCredential::sql(text).bind(Encrypted::new("token".to_owned()));
}
