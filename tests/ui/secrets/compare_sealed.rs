//! Equal secrets are sealed to different bytes.

use waygate_db::Sealed;

fn same(one: &Sealed<String>, two: &Sealed<String>) -> bool {
    one == two
}

fn main() {}
