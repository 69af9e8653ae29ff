//! The provider whose keys come from environment variables.

use std::collections::BTreeMap;
use std::fmt;

use super::env_vars::{KeyVars, fresh, variable};
use super::kek::Kek;
use super::key::KeySecret;
use super::provider::{KeyFuture, KeyProvider, UnwrapRequest, WrapRequest, WrappedKey};
use crate::error::{Error, Kind, Result};

/// Key-encryption keys from the environment.
///
/// `WAYGATE_KEK_<name>` holds a key, as base64 of exactly 32 bytes; `WAYGATE_KEK_CURRENT` names the one that new data
/// keys are wrapped under. Keep the earlier ones until nothing is wrapped under them.
///
/// ```
/// use waygate_db::EnvKeys;
/// use waygate_db::KeyProvider;
///
/// let keys = EnvKeys::from_vars(EnvKeys::fresh_vars()?)?;
/// assert_eq!(keys.id(), "env");
/// # Ok::<(), waygate_db::Error>(())
/// ```
pub struct EnvKeys {
    keys: BTreeMap<String, Kek>,
    current: String,
}

impl EnvKeys {
    /// The keys in this process's environment.
    ///
    /// # Errors
    ///
    /// As [`from_vars`](Self::from_vars).
    pub fn from_env() -> Result<Self> {
        // `vars` would panic on a variable that is no text, whosever it is.
        let vars = std::env::vars_os();
        Self::from_vars(vars.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))))
    }

    /// The keys in these variables; others are ignored, and the first value of a name counts.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when a variable is missing or malformed, [`is_key`](Error::is_key) when a key is
    /// all zero or stands under two names. The text names the variable and never shows its value.
    pub fn from_vars(vars: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let KeyVars { keys, current } = KeyVars::read(vars)?;
        let keys = keys.into_iter().map(|(id, secret)| Ok((id, Kek::new(&secret)?))).collect::<Result<_>>()?;
        Ok(Self { keys, current })
    }

    /// A key that exists in this process alone: what it seals cannot be opened afterwards.
    ///
    /// # Errors
    ///
    /// [`is_key`](Error::is_key) when the operating system gives no random bytes.
    pub fn throw_away() -> Result<Self> {
        Self::from_vars(fresh()?)
    }

    /// A fresh key as the two variables to put in an environment file.
    ///
    /// # Errors
    ///
    /// [`is_key`](Error::is_key) when the operating system gives no random bytes.
    pub fn fresh_vars() -> Result<[(String, String); 2]> {
        fresh()
    }

    pub(super) fn wrap_all(&self, requests: &[WrapRequest<'_>]) -> Result<Vec<WrappedKey>> {
        let kek = self.keys.get(&self.current).ok_or_else(|| Error::new(Kind::Key, "the current key is not there"))?;
        let wrap = |request: &WrapRequest<'_>| {
            Ok(WrappedKey { kek: self.current.clone(), bytes: kek.seal(request.secret, &request.context)? })
        };
        requests.iter().map(wrap).collect()
    }

    pub(super) fn unwrap_one(&self, request: &UnwrapRequest<'_>) -> Result<KeySecret> {
        let (id, variable) = (request.context.id().short(), variable(request.kek));
        let kek = self.keys.get(request.kek).ok_or_else(|| {
            Error::new(
                Kind::KeyUnavailable,
                format!("data key {id}… is wrapped under a key that is not set: {variable}"),
            )
            .help(format!("set {variable} to the key that was in use when the data key was made"))
        })?;
        kek.open(request.wrapped, &request.context).ok_or_else(|| {
            Error::new(Kind::WrongKek, format!("{variable} does not unwrap data key {id}…"))
                .help("another key stands under this name now, or the row in `waygate.data_keys` was altered")
        })
    }
}

impl KeyProvider for EnvKeys {
    fn id(&self) -> &'static str {
        "env"
    }

    fn current_kek(&self) -> &str {
        &self.current
    }

    fn kek_check(&self, kek: &str) -> Option<[u8; 8]> {
        self.keys.get(kek).map(Kek::check)
    }

    fn wrap_keys<'a>(&'a self, requests: &'a [WrapRequest<'a>]) -> KeyFuture<'a, Result<Vec<WrappedKey>>> {
        Box::pin(async move { self.wrap_all(requests) })
    }

    fn unwrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<KeySecret>>> {
        Box::pin(async move { requests.iter().map(|request| self.unwrap_one(request)).collect() })
    }
}

impl fmt::Debug for EnvKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvKeys").field("keys", &self.keys.len()).field("current", &self.current).finish()
    }
}
