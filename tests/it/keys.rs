//! The commands over data keys, as the real program runs them.

mod broken;
mod lifecycle;
mod reencrypt;
mod rotation;

use serde_json::Value;
use waygate_db::TenantId;

use crate::cli::Waygate;
use crate::support::{Login, TestDb};

/// The program on this test's database, with its key.
fn waygate(test: &TestDb) -> Waygate {
    let waygate = Waygate::on(test.urls());
    test.key_vars().iter().fold(waygate, |waygate, (name, value)| waygate.var(name, value))
}

/// The keys, as `keys list` reports them.
fn listed(waygate: &Waygate) -> Vec<Value> {
    waygate.reports(&["keys", "list"])["keys"].as_array().unwrap().clone()
}

/// The one active key of a scope, by its id.
fn active(waygate: &Waygate, scope: TenantId) -> String {
    let scope = scope.to_string();
    let keys: Vec<Value> =
        listed(waygate).into_iter().filter(|key| key["scope"] == scope && key["state"] == "active").collect();
    let [key] = keys.as_slice() else { panic!("{} active keys in {scope}", keys.len()) };
    key["key"].as_str().unwrap().to_owned()
}

/// How many cells of credentials are under another key than the active ones.
async fn stale_cells(test: &TestDb) -> u64 {
    let stale = |column: &str| {
        format!(
            "(SELECT count(*) FROM integration_credentials WHERE substring({column} FROM 5 FOR 16)
              NOT IN (SELECT key_id FROM waygate.data_keys WHERE state = 'active'))"
        )
    };
    let sum = format!("SELECT {} + {}", stale("encrypted_data"), stale("encrypted_refresh_token"));
    test.value(Login::Service, &sum).await.parse().unwrap()
}

/// A message names this key, as a whole or by its first digits.
#[track_caller]
fn names_key(text: &str, key: &str) {
    assert!(text.contains(key), "{key} in {text}");
}
