//! A secret is no text, whatever it holds.

use waygate::models::IntegrationCredential;

fn token(credential: IntegrationCredential) -> Option<String> {
    credential.encrypted_refresh_token
}

fn main() {}
