//! The seam over the cipher: AES-256-GCM-SIV (RFC 8452), in place, under a random nonce.
//!
//! This is the one file that names the cipher's crate. The mode keeps its promises when a nonce repeats, except that
//! equal values in the same cell then look equal; a random nonce makes even that a matter of chance.

use std::cell::RefCell;

use aes_gcm_siv::aead::inout::InOutBuf;
use aes_gcm_siv::{AeadInOut, Aes256GcmSiv, KeyInit};

use crate::error::{Error, Kind, Result};

/// The suite's number on the wire.
pub(super) const SUITE: u8 = 0x01;

/// The bytes of a nonce on the wire.
pub(super) type NonceBytes = [u8; 12];

/// The bytes of an authentication tag.
pub(super) type Tag = [u8; 16];

/// A nonce for one seal: random, and used up by it.
pub(super) struct Nonce(NonceBytes);

/// How many nonces the operating system is asked for at once: a call to it costs a third of a short value's seal.
const BATCH: usize = 64;

thread_local! {
    /// Random nonces that were not used yet.
    static NONCES: RefCell<Vec<NonceBytes>> = const { RefCell::new(Vec::new()) };
}

impl Nonce {
    /// A new nonce, of the operating system's random bytes.
    pub(super) fn random() -> Result<Self> {
        NONCES.with_borrow_mut(|nonces| {
            if nonces.is_empty() {
                let mut bytes = [0; 12 * BATCH];
                fill_random(&mut bytes)?;
                nonces.extend(bytes.as_chunks::<12>().0);
            }
            nonces.pop().map(Self).ok_or_else(|| Error::new(Kind::Key, "no nonce is left"))
        })
    }

    /// A chosen nonce, for vectors that must come out the same each time.
    #[cfg(test)]
    pub(super) fn fixed(bytes: NonceBytes) -> Self {
        Self(bytes)
    }

    /// The bytes to store beside the ciphertext.
    pub(super) fn bytes(&self) -> &NonceBytes {
        &self.0
    }
}

/// A cipher under one key.
pub(super) struct Cipher(Aes256GcmSiv);

impl Cipher {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(Aes256GcmSiv::new(key.into()))
    }

    /// Encrypts the buffer in place; `None` when it is too long for the mode.
    #[expect(clippy::needless_pass_by_value, reason = "a nonce is used up by its one seal")]
    pub(super) fn seal(&self, nonce: Nonce, bound_to: &[u8], buffer: &mut [u8]) -> Option<Tag> {
        self.0.encrypt_inout_detached(nonce.bytes().into(), bound_to, InOutBuf::from(buffer)).ok().map(Into::into)
    }

    /// Decrypts the buffer in place; `None` when anything is not as it was sealed. The buffer then holds no plaintext.
    pub(super) fn open(&self, nonce: &NonceBytes, bound_to: &[u8], buffer: &mut [u8], tag: &Tag) -> Option<()> {
        self.0.decrypt_inout_detached(nonce.into(), bound_to, InOutBuf::from(buffer), tag.into()).ok()
    }
}

/// Fills a buffer with the operating system's random bytes.
pub(super) fn fill_random(buffer: &mut [u8]) -> Result<()> {
    getrandom::fill(buffer).map_err(|source| {
        Error::new(Kind::Key, "the operating system gave no random bytes, so nothing can be sealed").caused_by(source)
    })
}
