//! A secret is not compared byte by byte.

use waygate_db::Encrypted;

fn main() {
    let _ = Encrypted::new("a".to_owned()) == Encrypted::new("a".to_owned());
}
