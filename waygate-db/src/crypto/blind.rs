//! Blind indexes: a keyed digest of a value, by which a sealed value is found.
//!
//! ```text
//! stored digest = version of the index key, one byte ‖ the first bits of HMAC-SHA-256(index key of the column, value)
//! index key     = HKDF-Expand(root of the data key, "idx" ‖ context ‖ "eq" ‖ normalizer ‖ bits)
//! ```
//!
//! The digest is fast on purpose: its key is secret, so a slow one would only cost the program. It is not authenticated:
//! whoever writes to the database may put it beside another row. A row that it finds is therefore opened and compared.

mod normalize;
mod searchable;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::data_key::DataKey;
use super::derive::length_prefix;
use super::key::KeyPurpose;
use crate::error::{Error, Kind, Result};
use crate::schema::{Encryption, Normalizer, Search};

use normalize::normalize;

pub use searchable::{Findable, Searchable};

/// The kind of index in its key's derivation: equality. One for prefixes would have another.
const EQUALITY: &[u8] = b"eq";

/// The codec of texts, the one that normalizers other than `Exact` are for.
const TEXT: u8 = 1;

/// The digest of a value for its column's blind index, as it is stored. The value is the bytes that its codec writes; the
/// key is an index key of the scope that the column's search names.
///
/// # Errors
///
/// [`is_config`](Error::is_config) when the column has no blind index, [`is_key`](Error::is_key) when the key is not for
/// indexes.
pub(crate) fn index_value(key: &DataKey, encryption: &'static Encryption, value: &[u8]) -> Result<Vec<u8>> {
    Sought::new(encryption, value)?.index_value(key)
}

/// A value that is looked for, normalized as its column asks: never printed, wiped when dropped.
pub(crate) struct Sought {
    encryption: &'static Encryption,
    search: Search,
    value: Zeroizing<Vec<u8>>,
}

impl Sought {
    /// The value with these bytes, as its codec writes them.
    pub(crate) fn new(encryption: &'static Encryption, value: &[u8]) -> Result<Self> {
        let search = encryption.search.ok_or_else(|| {
            Error::new(Kind::Config, format!("{}: the column has no blind index", encryption.context))
                .help("mark its field `#[model(encrypted, searchable)]`")
        })?;
        let value = normalized(encryption, search, value);
        Ok(Self { encryption, search, value })
    }

    /// The digest under this key, as it is stored.
    pub(crate) fn index_value(&self, key: &DataKey) -> Result<Vec<u8>> {
        // Keys of different purposes live and die apart: one that seals values must never be needed to find them.
        if key.purpose() != KeyPurpose::Index {
            let what = format!("data key {}… is not for indexes", key.id());
            return Err(Error::new(Kind::KeyMismatch, what).help("restore `waygate.data_keys` from a backup"));
        }
        let version = u8::try_from(key.version()).map_err(|_| {
            Error::new(
                Kind::Key,
                format!("index key {} of scope {} has no one-byte number", key.version(), key.scope()),
            )
            .help("index keys are numbered from 1 to 255: put the row of `waygate.data_keys` right")
        })?;
        let mut mac = key.index_mac(self.encryption.context, self.search)?;
        mac.update(&self.value);
        let digest = mac.finalize().into_bytes();
        let (whole, rest) = (usize::from(self.search.bits / 8), self.search.bits % 8);
        let mut out = Vec::with_capacity(2 + whole);
        out.push(version);
        out.extend(digest.iter().take(whole));
        if rest > 0 {
            out.extend(digest.get(whole).map(|last| last & !(u8::MAX >> rest)));
        }
        Ok(out)
    }

    /// Whether a value that was opened is the one that is looked for, in constant time.
    pub(crate) fn is(&self, opened: &[u8]) -> bool {
        normalized(self.encryption, self.search, opened).ct_eq(&*self.value).into()
    }
}

impl fmt::Debug for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sought({}, <redacted>)", self.encryption.context)
    }
}

/// The value as it is compared. Only texts have other forms than their own.
fn normalized(encryption: &Encryption, search: Search, value: &[u8]) -> Zeroizing<Vec<u8>> {
    match std::str::from_utf8(value) {
        Ok(text) if encryption.codec == TEXT => normalize(search.normalizer, text),
        _ => Zeroizing::new(value.to_vec()),
    }
}

/// The digest's state under one key, before any value.
pub(super) type IndexMac = Hmac<Sha256>;

/// What one data key has an index key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct IndexKeyId {
    context: &'static str,
    normalizer: Normalizer,
    bits: u8,
}

impl IndexKeyId {
    pub(super) fn new(context: &'static str, search: Search) -> Self {
        Self { context, normalizer: search.normalizer, bits: search.bits }
    }

    /// Derives the key: `expand` is the data key's.
    pub(super) fn derive(self, expand: impl FnOnce(&[&[u8]]) -> Result<Zeroizing<[u8; 32]>>) -> Result<IndexMac> {
        let (code, argument) = normalize::number(self.normalizer);
        let context = self.context.as_bytes();
        let key = expand(&[
            b"idx",
            &length_prefix(context),
            context,
            &length_prefix(EQUALITY),
            EQUALITY,
            &[code],
            &argument.to_be_bytes(),
            &[self.bits],
        ])?;
        IndexMac::new_from_slice(&key[..]).map_err(|_| Error::new(Kind::Key, "an index key of this length has no use"))
    }
}
