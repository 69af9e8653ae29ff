//! The key that seals a session's tenant, so that the database knows who chose it.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::key::KeySecret;
use super::{env_vars, hex, kek_text};
use crate::environment::WAYGATE_TENANT_SEAL_KEY;
use crate::error::{Error, Kind, Result};

/// What a seal is about: it stands before the tenant and the expiry in what is authenticated.
const LABEL: &str = "waygate tenant seal v1";
/// What a key's id is derived under.
const ID_LABEL: &str = "waygate tenant seal key id v1";
/// How much of the digest an id is: enough to tell keys apart.
const ID_BYTES: usize = 8;
/// How long a seal is good. A transaction that began in time stays good; both clocks may differ by less than this.
const LIFETIME: Duration = Duration::from_secs(600);
/// The block of SHA-256, to which HMAC pads its key.
const BLOCK: usize = 64;

/// The key that seals a session's tenant.
///
/// In the dialect [`Sealed`](crate::Dialect::Sealed) each transaction carries, beside its tenant, the tenant's seal: an
/// HMAC-SHA-256 under this key. The policies verify it, so that whoever smuggles a `set_config` into a statement cannot
/// choose another tenant. The database holds the key's padded forms, which no login can read.
///
/// ```
/// use waygate_db::SealKey;
///
/// # fn main() -> waygate_db::Result<()> {
/// let (variable, value) = SealKey::fresh_var()?;
/// assert_eq!(variable, "WAYGATE_TENANT_SEAL_KEY");
/// let key = SealKey::from_base64(&value)?;
/// assert!(!format!("{key:?}").contains(&*value));
/// # Ok(())
/// # }
/// ```
pub struct SealKey {
    id: String,
    secret: KeySecret,
}

impl SealKey {
    /// Reads a key: the base64 form of 32 random bytes.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when the text is anything else, [`is_key`](Error::is_key) when it is all zero.
    pub fn from_base64(text: &str) -> Result<Self> {
        Ok(Self::new(env_vars::decode(WAYGATE_TENANT_SEAL_KEY, text.trim())?))
    }

    /// A fresh random key, as the variable that holds it.
    ///
    /// # Errors
    ///
    /// [`is_key`](Error::is_key) when the system has no randomness.
    pub fn fresh_var() -> Result<(String, Zeroizing<String>)> {
        Ok((WAYGATE_TENANT_SEAL_KEY.to_owned(), Zeroizing::new(kek_text::encode(&KeySecret::random()?))))
    }

    fn new(secret: KeySecret) -> Self {
        let digest = Sha256::new().chain_update(ID_LABEL).chain_update(secret.expose()).finalize();
        Self { id: hex(digest.iter().take(ID_BYTES)), secret }
    }

    /// The key's id, which says nothing about the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The tenant's seal for the next minutes: `<key id>.<expiry>.<mac>`, the expiry in Unix seconds, the mac in hex.
    pub(crate) fn seal(&self, tenant: Uuid) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let expiry = now.saturating_add(LIFETIME).as_secs();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.expose())
            .map_err(|_| Error::new(Kind::Key, "a key of this length cannot seal"))?;
        mac.update(format!("{LABEL}:{}:{expiry}", tenant.as_hyphenated()).as_bytes());
        Ok(format!("{}.{expiry}.{}", self.id, hex(&mac.finalize().into_bytes())))
    }

    /// The key as HMAC pads it, inside and outside: what the database verifies with, having SHA-256 and no HMAC.
    pub(crate) fn pads(&self) -> [Zeroizing<Vec<u8>>; 2] {
        [0x36, 0x5c].map(|pad| {
            let mut block = Zeroizing::new(vec![pad; BLOCK]);
            block.iter_mut().zip(self.secret.expose()).for_each(|(byte, key)| *byte ^= key);
            block
        })
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.id)
    }
}
