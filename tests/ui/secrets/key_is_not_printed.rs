//! A key is not written into a text, an answer or a map.

use waygate_db::{EnvKeys, KeySecret};

fn show(secret: &KeySecret, keys: &EnvKeys) -> String {
    let _ = serde_json::to_string(secret);
    format!("{secret} {keys}")
}

fn compare(one: &KeySecret, two: &KeySecret) -> bool {
    one == two
}

fn main() {}
