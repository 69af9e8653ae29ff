//! What people read and write of keys.

use crate::crypto::KeyId;

/// `1 key`, `2 keys`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Reads a key's id, as `keys list` shows it.
pub(super) fn key_id(text: &str) -> Result<KeyId, &'static str> {
    const WRONG: &str = "a key's id is 32 hexadecimal digits, as `keys list` shows it";
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(WRONG);
    }
    u128::from_str_radix(text, 16).map(|number| KeyId(number.to_be_bytes())).map_err(|_| WRONG)
}

/// Reads a share: `5%`, `0.05`, `100%`.
pub(super) fn share(text: &str) -> Result<f64, &'static str> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    let share = number.parse::<f64>().ok().map(|number| number / whole);
    share.filter(|share| *share > 0.0 && *share <= 1.0).ok_or("write a share above 0 and up to 1, as 0.05 or 5%")
}
