//! The held value is nobody's to take.

use waygate_db::Encrypted;

fn main() {
    let token = Encrypted::new("token".to_owned());
    let _ = token.0;
}
