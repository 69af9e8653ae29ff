//! Data keys: the secrets that column keys come from.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use subtle::ConstantTimeEq;

use super::blind::{IndexKeyId, IndexMac};
use super::cipher::{Cipher, SUITE};
use super::derive::{DATA_KEY, expand, length_prefix, root};
use super::key::{KeyId, KeyPurpose, KeyScope, KeySecret};
use super::provider::WrapContext;
use crate::error::{Error, Kind, Result};
use crate::schema::Search;

/// A data key: a random secret of one scope, from which each column's key is derived.
///
/// Its id is the first half of a commitment to secret, purpose and scope. A stored key that was swapped for another
/// therefore does not carry its row's id, and is refused when it is loaded.
pub struct DataKey {
    secret: KeySecret,
    scope: KeyScope,
    purpose: KeyPurpose,
    version: i32,
    commitment: [u8; 32],
    /// Each column's cipher by its context id, made on first use.
    ciphers: RwLock<HashMap<&'static str, Arc<Cipher>>>,
    /// Each blind index's digest, made on first use.
    indexes: RwLock<HashMap<IndexKeyId, IndexMac>>,
}

impl DataKey {
    /// A new key for this scope and purpose.
    ///
    /// # Errors
    ///
    /// [`is_key`](Error::is_key) when the operating system gives no random bytes.
    pub fn generate(scope: KeyScope, purpose: KeyPurpose, version: i32) -> Result<Self> {
        Self::from_secret(KeySecret::random()?, scope, purpose, version)
    }

    /// The key with this secret. One that was stored goes through [`unwrap_checked`](Self::unwrap_checked).
    ///
    /// # Errors
    ///
    /// [`is_key`](Error::is_key) when the commitment cannot be derived, which does not happen.
    pub fn from_secret(secret: KeySecret, scope: KeyScope, purpose: KeyPurpose, version: i32) -> Result<Self> {
        let text = scope.to_string();
        let info: [&[u8]; 4] = [b"kid", &[purpose.code()], &length_prefix(text.as_bytes()), text.as_bytes()];
        let commitment = *expand(&root(DATA_KEY, secret.expose()), &info)?;
        Ok(Self { secret, scope, purpose, version, commitment, ciphers: RwLock::default(), indexes: RwLock::default() })
    }

    /// The key that a provider unwrapped, if it is the one its row commits to.
    ///
    /// # Errors
    ///
    /// [`is_key_mismatch`](Error::is_key_mismatch) when it is another key: the row's wrapped key or its scope was swapped.
    pub fn unwrap_checked(secret: KeySecret, context: &WrapContext) -> Result<Self> {
        let key = Self::from_secret(secret, context.scope, context.purpose, context.version)?;
        // All 32 bytes, in constant time: the id alone is shorter than what a key's own maker could collide.
        if bool::from(key.commitment.ct_eq(&context.commitment)) {
            return Ok(key);
        }
        let id = context.id().short();
        Err(Error::new(Kind::KeyMismatch, format!("data key {id}… is not the key that its row commits to"))
            .help("`waygate.data_keys` was altered: restore that row from a backup"))
    }

    /// The id that cells sealed under this key carry.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.commitment)
    }

    /// The commitment to secret, purpose and scope, stored beside the wrapped key.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        self.commitment
    }

    /// Whose values the key seals.
    #[must_use]
    pub fn scope(&self) -> KeyScope {
        self.scope
    }

    /// What the key is for.
    #[must_use]
    pub fn purpose(&self) -> KeyPurpose {
        self.purpose
    }

    /// The key's number in its scope.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version
    }

    /// What the wrapped key is bound to.
    #[must_use]
    pub fn wrap_context(&self) -> WrapContext {
        WrapContext { commitment: self.commitment, scope: self.scope, purpose: self.purpose, version: self.version }
    }

    pub(super) fn secret(&self) -> &KeySecret {
        &self.secret
    }

    /// The cipher of the column with this context id.
    pub(super) fn cipher(&self, context_id: &'static str) -> Result<Arc<Cipher>> {
        // A poisoned map is whole: an entry is put in at once or not at all.
        if let Some(cipher) = self.ciphers.read().unwrap_or_else(PoisonError::into_inner).get(context_id) {
            return Ok(Arc::clone(cipher));
        }
        let id = context_id.as_bytes();
        let key = expand(&root(DATA_KEY, self.secret.expose()), &[b"enc", &[SUITE], &length_prefix(id), id])?;
        let cipher = Arc::new(Cipher::new(&key));
        let mut ciphers = self.ciphers.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(ciphers.entry(context_id).or_insert(cipher)))
    }

    /// The digest of the blind index of the column with this context id, before any value.
    pub(super) fn index_mac(&self, context_id: &'static str, search: Search) -> Result<IndexMac> {
        let id = IndexKeyId::new(context_id, search);
        if let Some(mac) = self.indexes.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(mac.clone());
        }
        let mac = id.derive(|info| expand(&root(DATA_KEY, self.secret.expose()), info))?;
        let mut indexes = self.indexes.write().unwrap_or_else(PoisonError::into_inner);
        Ok(indexes.entry(id).or_insert(mac).clone())
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("id", &format_args!("{}", self.id()))
            .field("scope", &format_args!("{}", self.scope))
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
