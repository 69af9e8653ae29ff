//! No secret is made out of nothing.

use waygate_db::{Encrypted, Sealed};

#[derive(Default)]
struct Login {
    token: Encrypted<String>,
    seed: Sealed<String>,
}

fn main() {}
