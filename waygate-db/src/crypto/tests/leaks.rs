//! No text that the room writes holds a value or a key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::{KeyProvider, UnwrapRequest, WrapRequest};
use super::*;
use crate::value::Json;
use crate::{EnvKeys, Error};

const MARKER: &str = "marker-7f3a91";

/// Every form in which the marker, or these bytes, could show.
fn assert_silent(text: &str, secrets: &[&[u8]]) {
    for secret in secrets.iter().copied().chain([MARKER.as_bytes()]) {
        let debug = format!("{secret:?}");
        let forms = [hex(secret), STANDARD.encode(secret), debug.trim_matches(['[', ']']).to_owned()];
        assert!(forms.iter().all(|form| !text.contains(form)), "{text}");
    }
    assert!(!text.contains(MARKER), "{text}");
}

#[test]
fn the_debug_form_of_nothing_shows_a_secret() -> Result<()> {
    let (key, keys) = (acme_key()?, EnvKeys::throw_away()?);
    let secret = key.secret().expose().as_slice();
    let keyring = keyring_of(&[&key]);
    let token = Encrypted::new(MARKER.to_owned());
    let wrapped = keys.wrap_all(&[WrapRequest::from(&*key)])?;
    let unwrap = UnwrapRequest {
        provider: "env",
        kek: keys.current_kek(),
        wrapped: &wrapped[0].bytes,
        context: key.wrap_context(),
    };
    let shown = format!(
        "{:#?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        token,
        Some(token.clone()),
        Encrypted::new(Json(serde_json::json!(MARKER))),
        token.plaintext()?,
        key,
        key.secret(),
        keyring,
        keys,
        WrapRequest::from(&*key),
        (&wrapped, &unwrap),
        acme_token(),
    );
    assert!(shown.contains("Encrypted(<redacted>)"));
    assert_silent(&shown, &[secret, &wrapped[0].bytes]);
    Ok(())
}

#[test]
fn no_error_shows_a_secret() -> Result<()> {
    let (key, rival) = (acme_key()?, Arc::new(DataKey::generate(KeyScope::Tenant(RIVAL), KeyPurpose::Encrypt, 1)?));
    let keyring = keyring_of(&[&key, &rival]);
    let cell = seal(MARKER.to_owned(), &key, &acme_token())?;
    let json = seal(Json(serde_json::json!(MARKER)), &key, &acme_token())?;
    let mut altered = cell.clone();
    altered[40] ^= 1;
    let elsewhere = CellContext::new(&TOKENS, REFRESH, OTHER_ROW, Some(ACME));
    let errors: Vec<Error> = [
        open::<String>(MARKER.as_bytes(), &acme_token(), &keyring).err(),
        open::<String>(&altered, &acme_token(), &keyring).err(),
        open::<String>(&cell, &elsewhere, &keyring).err(),
        open::<String>(&cell, &acme_token(), &Keyring::default()).err(),
        open::<i64>(&cell, &acme_token(), &keyring).err(),
        open::<Json<u32>>(&json, &acme_token(), &keyring).err(),
        seal(MARKER.to_owned(), &rival, &acme_token()).err(),
        seal(Json(Unwritable), &key, &acme_token()).err(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert_eq!(errors.len(), 8);
    for error in errors {
        assert_silent(&format!("{error} {error:?}"), &[key.secret().expose(), &cell, &json, ROW.as_bytes()]);
        assert!(!error.to_string().contains(&ROW.to_string()), "{error}");
    }
    Ok(())
}

/// A type whose serialiser quotes the value in its error, as serde's own do.
struct Unwritable;

impl serde::Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom(MARKER))
    }
}

impl<'de> serde::Deserialize<'de> for Unwritable {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> std::result::Result<Self, D::Error> {
        Err(serde::de::Error::custom(MARKER))
    }
}
