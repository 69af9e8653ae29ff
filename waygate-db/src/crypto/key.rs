//! What names a data key, and the secret bytes of any key.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use super::cipher::fill_random;
use crate::error::{Error, Kind, Result};

/// A data key's id, as every cell sealed under it says: the first half of its commitment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

impl KeyId {
    /// The id of the key with this commitment.
    pub(super) fn of(commitment: &[u8; 32]) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(commitment.split_at(16).0);
        Self(id)
    }

    /// The id that this text spells in hex.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let (digits, []) = text.as_bytes().as_chunks::<2>() else { return None };
        let mut id = [0; 16];
        if digits.len() != id.len() {
            return None;
        }
        for (byte, digits) in id.iter_mut().zip(digits) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Self(id))
    }

    /// The first bytes in hex, enough to tell keys apart in a message.
    pub(super) fn short(self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Whose values a data key seals.
///
/// Its text is `app`, or the tenant's UUID in lower case with hyphens; the key's id depends on that text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyScope {
    /// Data that belongs to no tenant.
    App,
    /// One tenant's data. Destroying its keys destroys what they sealed.
    Tenant(Uuid),
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App => f.write_str("app"),
            Self::Tenant(tenant) => tenant.as_hyphenated().fmt(f),
        }
    }
}

impl FromStr for KeyScope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let scope = match text {
            "app" => Some(Self::App),
            _ => Uuid::try_parse(text).ok().map(Self::Tenant),
        };
        // A UUID has several spellings, and the key's id is made from this one.
        scope.filter(|scope| scope.to_string() == text).ok_or_else(|| {
            Error::new(Kind::Key, "a data key's scope is neither `app` nor a tenant's UUID in its usual spelling")
                .help("the row in `waygate.data_keys` was altered: restore it from a backup")
        })
    }
}

/// What a data key is for. Keys of different purposes live and die apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyPurpose {
    /// Sealing values.
    Encrypt,
    /// Finding sealed values by their blind index.
    Index,
}

impl KeyPurpose {
    /// The purpose's number, as stored and as bound into the key's id.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Encrypt => 1,
            Self::Index => 2,
        }
    }

    /// The purpose with this number.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::Encrypt),
            2 => Some(Self::Index),
            _ => None,
        }
    }
}

/// The 32 secret bytes of a key: on the heap, never printed, wiped when dropped.
pub struct KeySecret(Box<Zeroizing<[u8; 32]>>);

impl KeySecret {
    /// The secret with these bytes, which are wiped where they stood.
    #[must_use]
    pub fn new(mut bytes: [u8; 32]) -> Self {
        let secret = Self(Box::new(Zeroizing::new(bytes)));
        bytes.zeroize();
        secret
    }

    /// The secret with these bytes, if they are exactly 32.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self(Box::new(Zeroizing::new([0; 32])));
        if bytes.len() != secret.0.len() {
            return None;
        }
        secret.0.copy_from_slice(bytes);
        Some(secret)
    }

    /// A new secret from the operating system's random bytes.
    ///
    /// # Errors
    ///
    /// [`is_key`](Error::is_key) when the operating system gives none.
    pub fn random() -> Result<Self> {
        let mut secret = Self(Box::new(Zeroizing::new([0; 32])));
        fill_random(secret.0.as_mut_slice())?;
        Ok(secret)
    }

    /// The bytes, for a provider that wraps them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret(<redacted>)")
    }
}
