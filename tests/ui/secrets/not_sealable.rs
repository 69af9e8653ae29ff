//! A setter takes guarded values.

use waygate_db::Sealable;

fn store(_: impl Sealable) {}

fn main() {
    store("token".to_owned());
}
