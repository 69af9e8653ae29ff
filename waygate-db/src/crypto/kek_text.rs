//! The rules that every written key-encryption key follows, wherever it is written.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::cipher::fill_random;
use super::key::KeySecret;
use crate::error::{Error, Kind, Result};

/// What a key's name may be, for messages.
pub(super) const NAMES: &str = "a key's name is 1 to 64 letters, digits and underscores";

// Rule: a key's name is letters, digits and underscores, at most 64, as shells accept them in a variable.
pub(super) fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A random name, so that two machines' keys are told apart by name.
pub(super) fn fresh_name() -> Result<String> {
    let mut name = [0; 4];
    fill_random(&mut name)?;
    Ok(format!("k{:08x}", u32::from_be_bytes(name)))
}

/// A key as a variable or a file holds it.
pub(super) fn encode(secret: &KeySecret) -> String {
    STANDARD.encode(secret.expose())
}

/// The 32 bytes whose base64 form this is.
pub(super) fn secret_of(text: &str) -> Option<KeySecret> {
    let mut bytes = Zeroizing::new([0; 48]);
    // The decoder's own error is left out: it quotes characters of the key.
    let length = STANDARD.decode_slice(text, bytes.as_mut_slice()).ok()?;
    KeySecret::from_slice(bytes.get(..length)?)
}

// Rule: a key is base64 of exactly 32 bytes, and not all zero. It is a key, never a password.
pub(super) fn decode(place: &str, text: &str, how_to_make_one: &str) -> Result<KeySecret> {
    let secret = secret_of(text).ok_or_else(|| {
        Error::new(Kind::Config, format!("{place} is not the base64 form of exactly 32 bytes")).help(how_to_make_one)
    })?;
    if bool::from(secret.expose().ct_eq(&[0; 32])) {
        return Err(Error::new(Kind::Key, format!("{place} is all zero, which is no key")).help(how_to_make_one));
    }
    Ok(secret)
}

// Rule: no key has two names. A rotation from a key to itself would look done and change nothing.
pub(super) fn check_distinct(keys: &BTreeMap<String, KeySecret>, place: impl Fn(&str) -> String) -> Result<()> {
    let mut seen: Vec<(&String, &KeySecret)> = Vec::new();
    for (id, secret) in keys {
        if let Some((twin, _)) = seen.iter().find(|(_, known)| bool::from(known.expose().ct_eq(secret.expose()))) {
            return Err(Error::new(Kind::Key, format!("{} and {} hold the same key", place(twin), place(id)))
                .help("give each name a key of its own, or remove one of the two"));
        }
        seen.push((id, secret));
    }
    Ok(())
}
