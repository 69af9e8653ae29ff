//! Secrets of two types are not equal.

use waygate_db::Encrypted;

fn main() {
    let _ = Encrypted::new("1".to_owned()).ct_eq(&Encrypted::new(1_i64));
}
