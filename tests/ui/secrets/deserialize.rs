//! A secret is not read from a request by accident.

use serde::Deserialize;
use waygate_db::Encrypted;

#[derive(Deserialize)]
struct Body {
    token: Encrypted<String>,
}

fn main() {}
