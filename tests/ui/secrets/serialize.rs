//! A secret is not serialised.

use waygate_db::Encrypted;

fn main() {
    let _ = serde_json::to_string(&Encrypted::new("token".to_owned()));
}
