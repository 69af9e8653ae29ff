//! Wrapping data keys with a key-encryption key that this process holds.
//!
//! | offset | length | field |
//! |---|---|---|
//! | 0 | 1 | magic `0xFA` |
//! | 1 | 1 | version `0x01`: AES-256-GCM-SIV under a key derived with HKDF-SHA-256 |
//! | 2 | 12 | nonce |
//! | 14 | 32 | the data key, encrypted |
//! | 46 | 16 | tag |

use zeroize::Zeroizing;

use super::cipher::{Cipher, Nonce, SUITE};
use super::derive::{KEY_ENCRYPTION_KEY, expand, root};
use super::key::KeySecret;
use super::provider::WrapContext;
use crate::error::{Error, Kind, Result};

const MAGIC: u8 = 0xFA;
const VERSION: u8 = 0x01;

/// What a key's check value is derived under.
const CHECK: &[u8] = b"check";

/// A key-encryption key in this process.
pub(super) struct Kek {
    cipher: Cipher,
    check: [u8; 8],
}

impl Kek {
    /// The wrapping key of this secret. It is derived, so the same bytes used elsewhere make another key.
    pub(super) fn new(secret: &KeySecret) -> Result<Self> {
        let root = root(KEY_ENCRYPTION_KEY, secret.expose());
        let key = expand(&root, &[b"wrap", &[SUITE]])?;
        let mut check = [0; 8];
        check.copy_from_slice(expand(&root, &[CHECK])?.split_at(8).0);
        Ok(Self { cipher: Cipher::new(&key), check })
    }

    /// Eight bytes that two keys share only by chance, and that say nothing about the key.
    pub(super) fn check(&self) -> [u8; 8] {
        self.check
    }

    /// The stored form of a data key, bound to its row.
    pub(super) fn seal(&self, secret: &KeySecret, context: &WrapContext) -> Result<Vec<u8>> {
        self.seal_under(Nonce::random()?, secret, context)
    }

    pub(super) fn seal_under(&self, nonce: Nonce, secret: &KeySecret, context: &WrapContext) -> Result<Vec<u8>> {
        let mut wrapped = [&[MAGIC, VERSION], nonce.bytes().as_slice()].concat();
        let mut sealed = Zeroizing::new(*secret.expose());
        let tag = self
            .cipher
            .seal(nonce, &context.to_bytes(), sealed.as_mut_slice())
            .ok_or_else(|| Error::new(Kind::Key, "a data key could not be wrapped"))?;
        wrapped.extend_from_slice(sealed.as_slice());
        wrapped.extend_from_slice(&tag);
        Ok(wrapped)
    }

    /// The data key in this stored form; `None` when another key wrapped it, or anything was altered.
    pub(super) fn open(&self, wrapped: &[u8], context: &WrapContext) -> Option<KeySecret> {
        let ([MAGIC, VERSION], rest) = wrapped.split_first_chunk::<2>()? else { return None };
        let (nonce, rest) = rest.split_first_chunk::<12>()?;
        let (sealed, tag) = rest.split_last_chunk::<16>()?;
        let mut secret = Zeroizing::new(<[u8; 32]>::try_from(sealed).ok()?);
        self.cipher.open(nonce, &context.to_bytes(), secret.as_mut_slice(), tag)?;
        KeySecret::from_slice(secret.as_slice())
    }
}
