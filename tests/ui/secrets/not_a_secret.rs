//! What a sealed field may hold.

use waygate_db::Secret;

fn keep<S: Secret>() {}

fn main() {
    keep::<String>();
}
