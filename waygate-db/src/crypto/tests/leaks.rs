//! No text that the room writes holds a value or a key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::{KeyId, KeyProvider, UnwrapRequest, WrapRequest};
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

/// A refusal, and what is asked of it.
struct Refusal {
    error: Error,
    is_so: fn(&Error) -> bool,
    /// What the text starts with: the column, where one is known.
    at: &'static str,
    /// The data key that the text names, where one is known.
    key: Option<KeyId>,
}

impl Refusal {
    fn new<T>(result: Result<T>, is_so: fn(&Error) -> bool, at: &'static str, key: Option<KeyId>) -> Self {
        let error = result.err().unwrap_or_else(|| panic!("{at}: nothing was refused"));
        Self { error, is_so, at, key }
    }

    fn assert(&self, secrets: &[&[u8]]) {
        let error = &self.error;
        assert!((self.is_so)(error), "{error:?}");
        assert!(error.message().starts_with(self.at), "{error}");
        assert!(error.advice().is_some(), "{error}");
        if let Some(key) = self.key {
            let (short, whole) = (key.to_string()[..12].to_owned(), key.to_string());
            assert!(error.message().contains(&format!("data key {short}…")), "{error}");
            assert!(!error.message().contains(&whole), "{error}");
        }
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            assert_silent(&format!("{error} {error:?} {error:#?}"), secrets);
            assert!(!error.to_string().contains(&ROW.to_string()), "{error}");
            cause = error.source();
        }
    }
}

#[test]
fn no_error_shows_a_secret() -> Result<()> {
    let (key, rival) = (acme_key()?, Arc::new(DataKey::generate(KeyScope::Tenant(RIVAL), KeyPurpose::Encrypt, 1)?));
    let cell = seal(MARKER.to_owned(), &key, &acme_token())?;
    let json = seal(Json(serde_json::json!(MARKER)), &key, &acme_token())?;
    let mut refusals = not_opened(&key, &rival, &cell, &json);
    refusals.extend(not_sealed(&key, &rival));
    refusals.extend(not_unwrapped(&key)?);
    for refusal in refusals {
        let secrets = [key.secret().expose(), rival.secret().expose(), cell.as_slice(), &cell[32..], &json[32..]];
        refusal.assert(&[&secrets[..], &[ROW.as_bytes()]].concat());
    }
    Ok(())
}

fn not_opened(key: &Arc<DataKey>, rival: &Arc<DataKey>, cell: &[u8], json: &[u8]) -> Vec<Refusal> {
    let keyring = keyring_of(&[key, rival]);
    let with = |at: usize, byte: u8| {
        let mut cell = cell.to_vec();
        cell[at] = byte;
        open::<String>(&cell, &acme_token(), &keyring)
    };
    let (empty, destroyed) = (Keyring::default(), Keyring::default());
    destroyed.note_destroyed(key.id(), chrono::DateTime::UNIX_EPOCH);
    let elsewhere = CellContext::new(&TOKENS, REFRESH, OTHER_ROW, Some(ACME));
    let of_the_tenant = CellContext::new(&TOKENS, TENANTS, ROW, Some(ACME));
    let of_the_rival = CellContext::new(&TOKENS, TOKEN, ROW, Some(RIVAL));
    let (at, id) = ("tokens.token: ", Some(key.id()));
    let opened = |context: &CellContext, keyring: &Keyring| open::<String>(cell, context, keyring);
    vec![
        Refusal::new(with(40, cell[40] ^ 1), Error::is_altered, at, id),
        Refusal::new(opened(&elsewhere, &keyring), Error::is_altered, "tokens.refresh: ", id),
        Refusal::new(open::<String>(MARKER.as_bytes(), &acme_token(), &keyring), Error::is_not_sealed, at, None),
        Refusal::new(open::<String>(&cell[..40], &acme_token(), &keyring), Error::is_not_sealed, at, None),
        Refusal::new(with(1, 0xEE), Error::is_sealed_form_unknown, at, None),
        Refusal::new(with(2, 0xEE), Error::is_sealed_form_unknown, at, None),
        Refusal::new(with(3, 0xEE), Error::is_sealed_form_unknown, at, None),
        Refusal::new(opened(&of_the_tenant, &keyring), Error::is_sealed_binding_wrong, "tokens.tenants: ", id),
        Refusal::new(open::<i64>(cell, &acme_token(), &keyring), Error::is_sealed_type_wrong, at, id),
        Refusal::new(opened(&acme_token(), &empty), Error::is_key_unknown, at, id),
        Refusal::new(opened(&acme_token(), &destroyed), Error::is_key_destroyed, at, id),
        Refusal::new(opened(&of_the_rival, &keyring), Error::is_key_mismatch, at, id),
        Refusal::new(open::<Json<u32>>(json, &acme_token(), &keyring), Error::is_decode, at, id),
        Refusal::new(Encrypted::<String>::read(None, &acme_token(), &keyring), Error::is_decode, at, None),
    ]
}

fn not_sealed(key: &Arc<DataKey>, rival: &Arc<DataKey>) -> Vec<Refusal> {
    let fixed = CellContext::new(&TOKENS, STATE, ROW, Some(ACME));
    let (longest, id) = (16 * 1024 * 1024, Some(key.id()));
    let too_long = MARKER.repeat(longest / MARKER.len() + 1);
    let own = |context: &CellContext, text: String| seal(text, key, context);
    vec![
        Refusal::new(
            seal(MARKER.to_owned(), rival, &acme_token()),
            Error::is_key_mismatch,
            "tokens.token: ",
            Some(rival.id()),
        ),
        Refusal::new(own(&acme_token(), too_long), Error::is_encode, "tokens.token: ", id),
        Refusal::new(own(&fixed, MARKER.repeat(4)), Error::is_encode, "tokens.state: ", id),
        // The builder that knows the column puts its name before this one.
        Refusal::new(seal(Json(Unwritable), key, &acme_token()), Error::is_encode, "a secret of type", None),
    ]
}

fn not_unwrapped(key: &Arc<DataKey>) -> Result<Vec<Refusal>> {
    let (keys, others, id) = (EnvKeys::throw_away()?, EnvKeys::throw_away()?, Some(key.id()));
    let wrapped = keys.wrap_all(&[WrapRequest::from(&**key)])?.remove(0);
    let unwrap = |keys: &EnvKeys, kek: &str, bytes: &[u8]| {
        keys.unwrap_one(&UnwrapRequest { provider: "env", kek, wrapped: bytes, context: key.wrap_context() })
    };
    let mut altered = wrapped.bytes.clone();
    altered[20] ^= 1;
    let swapped = DataKey::unwrap_checked(KeySecret::new([7; 32]), &key.wrap_context());
    Ok(vec![
        Refusal::new(unwrap(&keys, "gone", &wrapped.bytes), Error::is_key_unavailable, "", id),
        Refusal::new(unwrap(&others, others.current_kek(), &wrapped.bytes), Error::is_key_wrong, "", id),
        Refusal::new(unwrap(&keys, &wrapped.kek, &altered), Error::is_key_wrong, "", id),
        Refusal::new(swapped, Error::is_key_mismatch, "", id),
    ])
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
