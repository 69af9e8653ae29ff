//! A secret has no order.

use waygate_db::Encrypted;

fn main() {
    let _ = Encrypted::new(1_i64) < Encrypted::new(2_i64);
}
