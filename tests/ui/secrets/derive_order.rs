//! What holds a secret has no order.

use waygate_db::Encrypted;

#[derive(PartialOrd)]
struct Login {
    token: Encrypted<String>,
}

impl PartialEq for Login {
    fn eq(&self, other: &Self) -> bool {
        self.token.ct_eq(&other.token)
    }
}

fn main() {}
