//! A secret has no hash, so no map tells by its timing whether one is there.

use std::collections::HashMap;

use waygate_db::Encrypted;

fn main() {
    let mut owners = HashMap::new();
    owners.insert(Encrypted::new("token".to_owned()), 1);
}
