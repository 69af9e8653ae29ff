//! The stored form of a sealed cell, version 1.
//!
//! | offset | length | field |
//! |---|---|---|
//! | 0 | 1 | magic `0xF9`, which never occurs in UTF-8 |
//! | 1 | 1 | suite: `0x01` is AES-256-GCM-SIV with HKDF-SHA-256 |
//! | 2 | 1 | flags: bit 0 bound to the row, bit 1 to the tenant, bit 2 padded; all others 0 |
//! | 3 | 1 | codec of the value |
//! | 4 | 16 | id of the data key |
//! | 20 | 12 | nonce |
//! | 32 | n | ciphertext |
//! | 32 + n | 16 | tag |
//!
//! The offsets are fixed so that SQL can count cells by key without opening them. The parser is strict and total: what
//! it does not know is an error, never a guess.

use std::fmt;

use super::cipher::{NonceBytes, SUITE, Tag};
use super::codec;
use super::context::{BOUND_TO_ROW, BOUND_TO_TENANT};
use super::key::KeyId;

const MAGIC: u8 = 0xF9;

/// The length of the authenticated header.
pub(super) const HEADER_LEN: usize = 20;
/// Where the ciphertext starts: after header and nonce.
pub(super) const BODY: usize = HEADER_LEN + 12;
/// The length of the tag after it.
pub(super) const TAG_LEN: usize = 16;
/// The longest value that is sealed: 16 MiB, under which 2⁴⁸ random nonces are safe for each key.
pub(super) const MAX_VALUE: usize = 16 * 1024 * 1024;
/// The longest ciphertext: the longest value, padded.
const MAX_CIPHERTEXT: usize = MAX_VALUE + 512 * 1024;
/// The flag of a padded value.
pub(super) const PADDED: u8 = 0b100;

/// The part of a cell that says how to open it; authenticated with the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What the value is bound to, and whether it is padded.
    pub flags: u8,
    /// The codec of the value.
    pub codec: u8,
    /// The data key.
    pub key_id: KeyId,
}

impl Header {
    /// The header as it is stored.
    #[must_use]
    pub fn to_bytes(self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        let (start, id) = bytes.split_at_mut(4);
        start.copy_from_slice(&[MAGIC, SUITE, self.flags, self.codec]);
        id.copy_from_slice(&self.key_id.0);
        bytes
    }

    fn parse(bytes: &[u8; HEADER_LEN]) -> Result<Self, Malformed> {
        let [magic, suite, flags, codec, id @ ..] = *bytes;
        if magic != MAGIC {
            return Err(Malformed::Magic);
        }
        if suite != SUITE {
            return Err(Malformed::Suite);
        }
        if flags & !(BOUND_TO_ROW | BOUND_TO_TENANT | PADDED) != 0 {
            return Err(Malformed::Flags);
        }
        if codec::name(codec).is_none() {
            return Err(Malformed::Codec);
        }
        Ok(Self { flags, codec, key_id: KeyId(id) })
    }
}

/// A stored cell, taken apart.
pub struct SealedCell<'a> {
    /// How to open it.
    pub header: Header,
    /// The nonce that it was sealed under.
    pub nonce: &'a NonceBytes,
    /// The encrypted value, padded if the header says so.
    pub ciphertext: &'a [u8],
    /// What authenticates all of it.
    pub tag: &'a Tag,
}

impl<'a> SealedCell<'a> {
    /// Takes a stored cell apart.
    ///
    /// # Errors
    ///
    /// Why the bytes are not a cell of version 1.
    pub fn parse(cell: &'a [u8]) -> Result<Self, Malformed> {
        let (header, rest) = cell.split_first_chunk::<HEADER_LEN>().ok_or(Malformed::TooShort)?;
        let header = Header::parse(header)?;
        let (nonce, rest) = rest.split_first_chunk::<12>().ok_or(Malformed::TooShort)?;
        let (ciphertext, tag) = rest.split_last_chunk::<16>().ok_or(Malformed::TooShort)?;
        if ciphertext.len() > MAX_CIPHERTEXT {
            return Err(Malformed::TooLong);
        }
        Ok(Self { header, nonce, ciphertext, tag })
    }
}

/// Why bytes are not a sealed cell of version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// Shorter than header, nonce and tag.
    TooShort,
    /// Longer than the longest value, padded.
    TooLong,
    /// Of another first byte.
    Magic,
    /// Of an unknown suite.
    Suite,
    /// With unknown flags.
    Flags,
    /// Of an unknown codec.
    Codec,
}

impl Malformed {
    /// Whether the bytes start as a sealed value and then name what this version does not know.
    pub(super) fn is_unknown_form(self) -> bool {
        matches!(self, Self::Suite | Self::Flags | Self::Codec)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => "it is shorter than any sealed value",
            Self::TooLong => "it is longer than any sealed value",
            Self::Magic => "it does not start as a sealed value does",
            Self::Suite => "it names a cipher suite that this version does not know",
            Self::Flags => "it has flags that this version does not know",
            Self::Codec => "it names a codec that this version does not know",
        })
    }
}

/// The id of the data key that a stored cell needs, so that keys can be fetched before rows are opened; `None` when the
/// bytes are no sealed cell.
#[must_use]
pub fn cell_key_id(cell: &[u8]) -> Option<KeyId> {
    SealedCell::parse(cell).ok().map(|cell| cell.header.key_id)
}
