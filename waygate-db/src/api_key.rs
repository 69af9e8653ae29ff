//! [`ApiKey`]: what a caller shows to say which tenant it is.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::crypto::hex;
use crate::error::{Error, Kind, Result};

/// What a generated key starts with, for scanners that look for leaked keys.
const LIVE: &str = "wg_live_";
/// What a key of development and tests starts with.
const TEST: &str = "wg_test_";

/// The letters of a generated key: 32, so five bits each, lower case, without i, l, o and u, which read as others.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The random bytes of a generated key: 160 bits, which are 32 letters.
const RANDOM_BYTES: usize = 20;
/// How many letters of [`LETTERS`] follow `wg_live_`.
const LIVE_LENGTH: usize = RANDOM_BYTES * 8 / 5;
/// How many letters, digits and `_` may follow `wg_test_`, which a person may have chosen.
const TEST_LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// A tenant's API key: `wg_live_` and 160 random bits as 32 letters, or `wg_test_` and 8 to 64 letters, digits and `_`.
///
/// The database keeps its [`hash`](Self::hash) alone, so a lost key is not found again but replaced. It has no `Display`,
/// `Serialize`, `PartialEq` or `Deref`; [`expose`](Self::expose) is the one way in, and its memory is wiped when it is
/// dropped.
///
/// A `wg_test_` key may be guessable: give one to no tenant whose data matters.
///
/// ```
/// use waygate_db::ApiKey;
///
/// let key = ApiKey::generate()?;
/// assert!(key.expose().starts_with("wg_live_"));
/// assert_eq!(format!("{key:?}"), "ApiKey(wg_live_<redacted>)");
/// assert_eq!(key.hash().len(), 64);
///
/// let shown: ApiKey = "wg_test_dev_abc123xyz789".parse()?;
/// assert!("wg_live_too_short".parse::<ApiKey>().is_err());
/// # Ok::<(), waygate_db::Error>(())
/// ```
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// A new key, from the operating system's random bytes.
    ///
    /// # Errors
    ///
    /// [`is_io`](Error::is_io) when the operating system gives none.
    pub fn generate() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; RANDOM_BYTES]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|source| {
            Error::new(Kind::Io, "the operating system gave no random bytes for an API key").caused_by(source)
        })?;
        // As long as it becomes, so that no half of it stays behind where it had to move.
        let mut text = Zeroizing::new(String::with_capacity(LIVE.len() + LIVE_LENGTH));
        text.push_str(LIVE);
        text.extend(letters(&bytes));
        Ok(Self(text))
    }

    /// The key that a caller showed.
    ///
    /// # Errors
    ///
    /// [`is_invalid_api_key`](Error::is_invalid_api_key) when the text has not a key's form. The error is the same for
    /// every text, and holds nothing of it.
    pub fn parse(text: &str) -> Result<Self> {
        let fits = match (text.strip_prefix(LIVE), text.strip_prefix(TEST)) {
            (Some(rest), _) => rest.len() == LIVE_LENGTH && rest.bytes().all(|byte| LETTERS.contains(&byte)),
            (_, Some(rest)) => TEST_LENGTH.contains(&rest.len()) && rest.bytes().all(is_test_letter),
            (None, None) => false,
        };
        if fits {
            return Ok(Self(Zeroizing::new(text.to_owned())));
        }
        Err(Error::new(Kind::InvalidApiKey, "this is not an API key").help(
            "a key is `wg_live_` with 32 letters and digits, or `wg_test_` with 8 to 64, all lower case; \
             copy the whole of it",
        ))
    }

    /// The key's text. Each call is a place where it may leave.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The lower-case hex SHA-256 of the text, which the tenant table keeps: a key is long and random, so a fast hash is
    /// right.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }

    /// `wg_live_` or `wg_test_`.
    fn prefix(&self) -> &'static str {
        if self.0.starts_with(LIVE) { LIVE } else { TEST }
    }
}

impl FromStr for ApiKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}<redacted>)", self.prefix())
    }
}

/// The bytes in letters of five bits, the highest first: eight letters from each five bytes.
fn letters(bytes: &[u8; RANDOM_BYTES]) -> impl Iterator<Item = char> {
    bytes.chunks_exact(5).flat_map(|five| {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        (0..8_u32).rev().map(move |place| letter(bits >> (place * 5)))
    })
}

/// The letter of the lowest five bits.
fn letter(bits: u64) -> char {
    LETTERS.iter().copied().map(char::from).nth((bits & 31) as usize).unwrap_or('0')
}

fn is_test_letter(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}
