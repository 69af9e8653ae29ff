//! Key derivation: HKDF-SHA-256, and the unambiguous framing of what goes into it.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};

/// What all keys derived from one secret share.
pub(super) type Root = Hkdf<Sha256>;

/// The label under which data keys are spread into column keys and their commitment.
pub(super) const DATA_KEY: &[u8] = b"waygate/v1/dek";
/// The label under which a key-encryption key becomes a wrapping key.
pub(super) const KEY_ENCRYPTION_KEY: &[u8] = b"waygate/v1/kek";

/// HKDF-Extract: the root of all keys that come from this secret under this label.
pub(super) fn root(label: &[u8], secret: &[u8; 32]) -> Root {
    Root::new(Some(label), secret)
}

/// HKDF-Expand: 32 bytes for the information that these parts spell.
pub(super) fn expand(root: &Root, info: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>> {
    let mut out = Zeroizing::new([0; 32]);
    // It refuses only more than 255 blocks; this is one.
    root.expand_multi_info(info, out.as_mut_slice())
        .map_err(|_| Error::new(Kind::Key, "a key of this length cannot be derived"))?;
    Ok(out)
}

/// The four bytes that stand before a field of variable length, so that no two lists of fields spell the same bytes.
pub(super) fn length_prefix(field: &[u8]) -> [u8; 4] {
    // No field here comes near 4 GiB: they are names, keys and digests.
    u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes()
}
