//! `expose()` is the one way in.

use waygate_db::Encrypted;

fn length(text: &str) -> usize {
    text.len()
}

fn main() {
    length(&Encrypted::new("token".to_owned()));
}
