//! What is asked of the transit engine, and what it answers, as JSON.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserializer, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::super::kek_text;
use super::super::key::KeySecret;
use super::super::provider::{UnwrapRequest, WrapContext};

/// A data key to encrypt.
#[derive(Serialize)]
pub(super) struct Wrap<'a> {
    #[serde(serialize_with = "as_base64")]
    plaintext: &'a KeySecret,
    associated_data: String,
}

impl<'a> Wrap<'a> {
    pub(super) fn of(secret: &'a KeySecret, context: &WrapContext) -> Self {
        Self { plaintext: secret, associated_data: STANDARD.encode(context.to_bytes()) }
    }
}

/// A wrapped data key to decrypt.
#[derive(Serialize)]
pub(super) struct Unwrap<'a> {
    ciphertext: &'a str,
    associated_data: String,
}

impl<'a> Unwrap<'a> {
    pub(super) fn of(request: &UnwrapRequest<'a>) -> Option<Self> {
        let ciphertext = std::str::from_utf8(request.wrapped).ok()?;
        Some(Self { ciphertext, associated_data: STANDARD.encode(request.context.to_bytes()) })
    }
}

#[derive(Serialize)]
pub(super) struct Batch<'a, T> {
    pub(super) batch_input: &'a [T],
}

/// An answer: results in the order of what was asked, or none and the reasons.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Answer<T> {
    #[serde(default)]
    pub(super) data: Option<Results<T>>,
    #[serde(default)]
    errors: Vec<String>,
}

#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct Results<T> {
    #[serde(default = "Vec::new")]
    pub(super) batch_results: Vec<T>,
}

impl<T> Answer<T> {
    /// Whether it says that there is no such key. It does so with 400, like everything else that it dislikes.
    pub(super) fn says_no_key(&self) -> bool {
        self.errors.iter().any(|error| error.contains("key not found") || error.contains("policy not found"))
    }
}

/// What became of a data key to encrypt.
#[derive(Deserialize)]
pub(super) struct Sealed {
    #[serde(default)]
    pub(super) ciphertext: Option<String>,
}

/// What became of a wrapped data key.
#[derive(Deserialize)]
pub(super) struct Opened {
    #[serde(default)]
    plaintext: Plaintext,
    #[serde(default)]
    error: Option<String>,
}

impl Opened {
    /// Whether the key's version is below the oldest that may decrypt.
    pub(super) fn is_outdated(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.contains("disallowed by policy"))
    }

    pub(super) fn secret(self) -> Option<KeySecret> {
        self.plaintext.0.filter(|_| self.error.is_none_or(|error| error.is_empty()))
    }
}

/// A data key in an answer: decoded where it stands, so that its text is not copied.
#[derive(Default)]
struct Plaintext(Option<KeySecret>);

impl<'de> Deserialize<'de> for Plaintext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Decode;
        impl Visitor<'_> for Decode {
            type Value = Plaintext;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64")
            }

            fn visit_str<E>(self, text: &str) -> Result<Plaintext, E> {
                Ok(Plaintext(kek_text::secret_of(text)))
            }
        }
        deserializer.deserialize_str(Decode)
    }
}

fn as_base64<S: Serializer>(secret: &KeySecret, serializer: S) -> Result<S::Ok, S::Error> {
    let text = Zeroizing::new(kek_text::encode(secret));
    serializer.serialize_str(&text)
}
