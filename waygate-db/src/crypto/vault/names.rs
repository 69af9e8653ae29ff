//! What may stand in a request's path and headers: names that cannot lead anywhere else.

use crate::error::{Error, Kind, Result};

/// More than the wrapped form of 32 bytes ever takes.
const LONGEST_CIPHERTEXT: usize = 512;

/// Whether Vault could have a key of this name. Letters, digits, `_`, `-` and `.`, the last two not at an end.
pub(super) fn is_key(name: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let ends = [name.bytes().next(), name.bytes().last()];
    name.len() <= 128
        && ends.into_iter().all(|end| end.is_some_and(is_word))
        && name.bytes().all(|byte| is_word(byte) || byte == b'-' || byte == b'.')
}

/// Refuses a configured name that cannot be a key's.
pub(super) fn check_key(name: &str) -> Result<()> {
    if is_key(name) {
        return Ok(());
    }
    Err(Error::new(Kind::Config, "the name of Vault's key is not one that it could have")
        .help("WAYGATE_VAULT_KEY holds letters, digits, `_`, `-` and `.`, as in `vault write -f transit/keys/waygate`"))
}

/// Refuses a configured mount or namespace that is no path of such names.
pub(super) fn check_path(what: &str, path: &str) -> Result<()> {
    if path.split('/').all(is_key) {
        return Ok(());
    }
    Err(Error::new(Kind::Config, format!("the {what} in Vault is not a path"))
        .help("it is names of letters, digits, `_`, `-` and `.`, with `/` between them, as in `teams/transit`"))
}

/// Whether this is how Vault writes what it encrypted: `vault:v`, the key's version, `:` and base64.
pub(super) fn is_ciphertext(text: &str) -> bool {
    let parts = text.strip_prefix("vault:v").and_then(|rest| rest.split_once(':'));
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.len() <= LONGEST_CIPHERTEXT
        && parts.is_some_and(|(version, body)| {
            !version.is_empty()
                && version.bytes().all(|byte| byte.is_ascii_digit())
                && !body.is_empty()
                && body.bytes().all(is_base64)
        })
}
