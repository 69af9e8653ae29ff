//! The value's own methods stand behind `expose()`.

use waygate_db::Encrypted;

fn main() {
    let token = Encrypted::new("token".to_owned());
    let _ = token.len();
    let _ = token.to_string();
    let _: &str = token.as_ref();
}
