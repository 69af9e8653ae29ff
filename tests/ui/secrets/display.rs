//! A secret is not printed.

use waygate_db::Encrypted;

fn main() {
    println!("{}", Encrypted::new("token".to_owned()));
}
