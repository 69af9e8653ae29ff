//! Where a value is bound, and the key it is sealed under, are not a program's to choose.

use waygate_db::{CellContext, DataKey, Keyring, Nonce, Plaintext};

fn main() {}
