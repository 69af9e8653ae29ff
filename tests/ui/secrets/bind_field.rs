//! A row's secret is no parameter, opened or not.

use waygate::models::IntegrationCredential;
use waygate_db::{Model, Sealed};

fn same(one: IntegrationCredential, seed: Sealed<String>) {
    let text = "SELECT {columns} FROM integration_credentials WHERE encrypted_refresh_token = $1";
    let _ = IntegrationCredential::sql(text).bind(one.encrypted_refresh_token);
    let _ = IntegrationCredential::sql(text).bind(seed);
}

fn main() {}
