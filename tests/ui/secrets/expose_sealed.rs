//! What is opened on demand is opened first.

use waygate_db::Sealed;

fn read(seed: &Sealed<String>) -> usize {
    seed.expose().len()
}

fn main() {}
