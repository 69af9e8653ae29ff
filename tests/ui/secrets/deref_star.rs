//! No `*` goes past `expose()`.

use waygate_db::Encrypted;

fn length(token: &Encrypted<String>) -> usize {
    let text: &str = &*token;
    (**token).len() + text.len()
}

fn main() {}
