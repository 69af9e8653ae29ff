//! Reading key-encryption keys from variables, and writing fresh ones.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::cipher::fill_random;
use super::key::KeySecret;
use crate::environment::{WAYGATE_KEK_CURRENT, WAYGATE_KEK_PREFIX};
use crate::error::{Error, Kind, Result};

const HOW_TO_MAKE_ONE: &str =
    "`waygate setup` and `waygate dev` write a key to .env.local; `openssl rand -base64 32` makes one";

/// The keys that variables spell, by name, all of them fit for use.
pub(super) struct KeyVars {
    pub(super) keys: BTreeMap<String, KeySecret>,
    pub(super) current: String,
}

impl KeyVars {
    /// Reads the variables that matter and ignores the rest. The first value of a name counts.
    pub(super) fn read(vars: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let mut keys = BTreeMap::new();
        let mut current = None;
        for (name, value) in vars {
            let value = Zeroizing::new(value);
            if name == WAYGATE_KEK_CURRENT {
                current.get_or_insert_with(|| value.trim().to_owned());
            } else if let Some(id) = name.strip_prefix(WAYGATE_KEK_PREFIX)
                && !keys.contains_key(id)
            {
                check_name(id)?;
                keys.insert(id.to_owned(), decode(&name, value.trim())?);
            }
        }
        check_distinct(&keys)?;
        let current = current.filter(|current| !current.is_empty()).ok_or_else(|| match keys.keys().next() {
            Some(id) => {
                Error::new(Kind::Config, format!("{WAYGATE_KEK_CURRENT} is not set, so no key is chosen for sealing"))
                    .help(format!("name the key to use, as in {WAYGATE_KEK_CURRENT}={id}"))
            }
            None => Error::new(Kind::Config, format!("no key-encryption key: {WAYGATE_KEK_CURRENT} is not set"))
                .help(HOW_TO_MAKE_ONE),
        })?;
        if !keys.contains_key(&current) {
            // Its value is not repeated: a key pasted into the wrong variable would be printed.
            return Err(Error::new(
                Kind::Config,
                format!("{WAYGATE_KEK_CURRENT} names a key for which there is no variable"),
            )
            .help(format!(
                "it holds the part of a key's variable name after {WAYGATE_KEK_PREFIX}, and that variable the key"
            )));
        }
        Ok(Self { keys, current })
    }
}

/// The name of a key's variable.
pub(super) fn variable(id: &str) -> String {
    format!("{WAYGATE_KEK_PREFIX}{id}")
}

/// A fresh random key as the two variables that make it the current one.
pub(super) fn fresh() -> Result<[(String, String); 2]> {
    // A random name, so that two machines' keys are told apart by name.
    let mut name = [0; 4];
    fill_random(&mut name)?;
    let id = format!("k{:08x}", u32::from_be_bytes(name));
    let secret = KeySecret::random()?;
    Ok([(variable(&id), encode(&secret)), (WAYGATE_KEK_CURRENT.to_owned(), id)])
}

/// A key as a variable holds it.
pub(super) fn encode(secret: &KeySecret) -> String {
    STANDARD.encode(secret.expose())
}

// Rule: a key's name is letters, digits and underscores, at most 64, as shells accept them in a variable.
fn check_name(id: &str) -> Result<()> {
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits {
        return Ok(());
    }
    Err(Error::new(
        Kind::Config,
        format!("a variable that starts with {WAYGATE_KEK_PREFIX} ends in what cannot name a key"),
    )
    .help("a key's name is 1 to 64 letters, digits and underscores"))
}

// Rule: a key is base64 of exactly 32 bytes, and not all zero. It is a key, never a password.
pub(super) fn decode(variable: &str, text: &str) -> Result<KeySecret> {
    let mut bytes = Zeroizing::new([0; 48]);
    // The decoder's own error is left out: it quotes characters of the key.
    let secret = match STANDARD.decode_slice(text, bytes.as_mut_slice()) {
        Ok(length) => bytes.get(..length).and_then(KeySecret::from_slice),
        Err(_) => None,
    };
    let secret = secret.ok_or_else(|| {
        Error::new(Kind::Config, format!("{variable} is not the base64 form of exactly 32 bytes")).help(HOW_TO_MAKE_ONE)
    })?;
    if bool::from(secret.expose().ct_eq(&[0; 32])) {
        return Err(Error::new(Kind::Key, format!("{variable} is all zero, which is no key")).help(HOW_TO_MAKE_ONE));
    }
    Ok(secret)
}

// Rule: no key has two names. A rotation from a key to itself would look done and change nothing.
fn check_distinct(keys: &BTreeMap<String, KeySecret>) -> Result<()> {
    let mut seen: Vec<(&String, &KeySecret)> = Vec::new();
    for (id, secret) in keys {
        if let Some((twin, _)) = seen.iter().find(|(_, known)| bool::from(known.expose().ct_eq(secret.expose()))) {
            let (first, second) = (variable(twin), variable(id));
            return Err(Error::new(Kind::Key, format!("{first} and {second} hold the same key"))
                .help("give each name a key of its own, or remove one of the two"));
        }
        seen.push((id, secret));
    }
    Ok(())
}
