//! The parts of the sealed format have no path from outside.

use waygate_db::crypto::cipher::Nonce;

fn main() {}
