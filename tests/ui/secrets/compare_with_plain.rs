//! A secret is not compared with what is not guarded.

use waygate_db::Encrypted;

fn main() {
    let _ = Encrypted::new("a".to_owned()) == "a";
}
