//! Ciphertext lies in no range.

use waygate::models::IntegrationCredential;
use waygate_db::{Model, Query};

fn later() -> Query<IntegrationCredential> {
    IntegrationCredential::query().filter(|c| c.encrypted_refresh_token.gt("a"))
}

fn earlier() -> Query<IntegrationCredential> {
    IntegrationCredential::query().filter(|c| c.encrypted_refresh_token.lt("z"))
}

fn main() {}
