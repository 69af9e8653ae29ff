//! Who keeps the key-encryption keys, and what is asked of them.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::data_key::DataKey;
use super::derive::length_prefix;
use super::key::{KeyId, KeyPurpose, KeyScope, KeySecret};
use crate::error::{Error, Kind, Result};

/// What a provider's call returns: a boxed future, so that the trait can be an object.
pub type KeyFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A keeper of key-encryption keys: it wraps data keys for storage, and unwraps them.
///
/// Calls come in batches, so that a remote keeper is asked once for many keys. The library checks every unwrapped key
/// against its commitment; a provider need not.
pub trait KeyProvider: Send + Sync + 'static {
    /// The provider's name, stored beside each wrapped key: `env`.
    fn id(&self) -> &str;

    /// The name of the key that new data keys are wrapped under.
    fn current_kek(&self) -> &str;

    /// Wraps these data keys under the current key, all or none, in the order given.
    ///
    /// # Errors
    ///
    /// [`is_key`](crate::Error::is_key) when the keeper is out of reach or refuses.
    fn wrap_keys<'a>(&'a self, requests: &'a [WrapRequest<'a>]) -> KeyFuture<'a, Result<Vec<WrappedKey>>>;

    /// Unwraps these data keys, each for itself, in the order given.
    ///
    /// # Errors
    ///
    /// Per key: [`is_key`](crate::Error::is_key) when its key-encryption key is not there or does not fit, or the
    /// keeper is out of reach.
    fn unwrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<KeySecret>>>;

    /// Wraps these wrapped keys anew under the current key, each for itself, in the order given. Default: unwraps and wraps
    /// them here; a keeper that can do it without showing the keys does better.
    ///
    /// # Errors
    ///
    /// Per key, as of [`wrap_keys`](Self::wrap_keys) and [`unwrap_keys`](Self::unwrap_keys).
    fn rewrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<WrappedKey>>> {
        Box::pin(async move {
            let mut wrapped = Vec::with_capacity(requests.len());
            for (request, secret) in requests.iter().zip(self.unwrap_keys(requests).await) {
                wrapped.push(match secret {
                    Ok(secret) => self.wrap_one(&secret, &request.context).await,
                    Err(error) => Err(error),
                });
            }
            wrapped
        })
    }

    /// Wraps one data key under the current key.
    ///
    /// # Errors
    ///
    /// As [`wrap_keys`](Self::wrap_keys).
    fn wrap_one<'a>(&'a self, secret: &'a KeySecret, context: &'a WrapContext) -> KeyFuture<'a, Result<WrappedKey>> {
        Box::pin(async move {
            let wrapped = self.wrap_keys(&[WrapRequest { secret, context: context.clone() }]).await?;
            wrapped.into_iter().next().ok_or_else(|| {
                Error::new(Kind::Key, format!("the key provider \"{}\" wrapped nothing", self.id()))
                    .help("its `wrap_keys` must answer every request")
            })
        })
    }

    /// A check value of the key with this name: eight bytes that two keys share only by chance, and that say nothing about
    /// it. With it a wrong key under the right name is told from an altered row. Default: `None`, as for keys that never
    /// leave their keeper.
    fn kek_check(&self, kek: &str) -> Option<[u8; 8]> {
        let _ = kek;
        None
    }
}

/// A shared provider, for [`Config::keys`](crate::Config::keys). Every method goes to the one that is shared.
impl KeyProvider for Arc<dyn KeyProvider> {
    fn id(&self) -> &str {
        (**self).id()
    }

    fn current_kek(&self) -> &str {
        (**self).current_kek()
    }

    fn wrap_keys<'a>(&'a self, requests: &'a [WrapRequest<'a>]) -> KeyFuture<'a, Result<Vec<WrappedKey>>> {
        (**self).wrap_keys(requests)
    }

    fn unwrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<KeySecret>>> {
        (**self).unwrap_keys(requests)
    }

    fn rewrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<WrappedKey>>> {
        (**self).rewrap_keys(requests)
    }

    fn wrap_one<'a>(&'a self, secret: &'a KeySecret, context: &'a WrapContext) -> KeyFuture<'a, Result<WrappedKey>> {
        (**self).wrap_one(secret, context)
    }

    fn kek_check(&self, kek: &str) -> Option<[u8; 8]> {
        (**self).kek_check(kek)
    }
}

/// What a wrapped data key is bound to, so that it cannot stand in another row of `waygate.data_keys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrapContext {
    /// The commitment to the data key.
    pub commitment: [u8; 32],
    /// Whose values it seals.
    pub scope: KeyScope,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// Its number in its scope.
    pub version: i32,
}

impl WrapContext {
    /// The data key's id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.commitment)
    }

    /// The bytes to authenticate beside the data key: an AEAD's associated data, a key service's encryption context.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let scope = self.scope.to_string();
        [
            &length_prefix(&self.commitment)[..],
            &self.commitment,
            &length_prefix(scope.as_bytes()),
            scope.as_bytes(),
            &[self.purpose.code()],
            &self.version.to_be_bytes(),
        ]
        .concat()
    }
}

/// A data key to wrap.
#[derive(Debug)]
pub struct WrapRequest<'a> {
    /// The data key's secret.
    pub secret: &'a KeySecret,
    /// What to bind it to.
    pub context: WrapContext,
}

impl<'a> From<&'a DataKey> for WrapRequest<'a> {
    fn from(key: &'a DataKey) -> Self {
        Self { secret: key.secret(), context: key.wrap_context() }
    }
}

/// A wrapped data key to unwrap.
pub struct UnwrapRequest<'a> {
    /// The name of the provider that wrapped it.
    pub provider: &'a str,
    /// The name of the key it is wrapped under.
    pub kek: &'a str,
    /// The wrapped bytes.
    pub wrapped: &'a [u8],
    /// What it is bound to.
    pub context: WrapContext,
}

impl UnwrapRequest<'_> {
    /// The same request once more.
    pub(super) fn again(&self) -> Self {
        Self { context: self.context.clone(), ..*self }
    }
}

impl fmt::Debug for UnwrapRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnwrapRequest")
            .field("provider", &self.provider)
            .field("kek", &self.kek)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

/// A data key, wrapped for storage.
#[derive(Clone)]
pub struct WrappedKey {
    /// The name of the key it is wrapped under.
    pub kek: String,
    /// The wrapped bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrappedKey").field("kek", &self.kek).finish_non_exhaustive()
    }
}
