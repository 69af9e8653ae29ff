//! Only types with a codec can be sealed.

use waygate_db::Encrypted;

fn main() {
    let _ = Encrypted::new(std::time::Duration::from_secs(1));
}
