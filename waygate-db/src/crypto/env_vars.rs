//! Reading key-encryption keys from variables, and writing fresh ones.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::kek_text::{self, NAMES, check_distinct, encode, fresh_name};
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
        check_distinct(&keys, variable)?;
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
    let id = fresh_name()?;
    let secret = KeySecret::random()?;
    Ok([(variable(&id), encode(&secret)), (WAYGATE_KEK_CURRENT.to_owned(), id)])
}

/// The key that this variable holds.
pub(super) fn decode(variable: &str, text: &str) -> Result<KeySecret> {
    kek_text::decode(variable, text, HOW_TO_MAKE_ONE)
}

fn check_name(id: &str) -> Result<()> {
    if kek_text::is_name(id) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Config,
        format!("a variable that starts with {WAYGATE_KEK_PREFIX} ends in what cannot name a key"),
    )
    .help(NAMES))
}
