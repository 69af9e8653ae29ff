//! Values sealed and opened again.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::*;
use crate::value::{IntoValue, Json};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Credential {
    access: String,
    scopes: Vec<String>,
}

fn comes_back<T: Codec + Clone + PartialEq + std::fmt::Debug>(value: &T) -> Result<()> {
    let key = acme_key()?;
    let cell = seal(value.clone(), &key, &acme_token())?;
    assert_eq!(open::<T>(&cell, &acme_token(), &keyring_of(&[&key]))?, *value);
    Ok(())
}

#[test]
fn every_codec_comes_back_as_it_went_in() -> Result<()> {
    comes_back(&String::new())?;
    comes_back(&"schlüssel\0 🔑".to_owned())?;
    comes_back(&Vec::<u8>::new())?;
    comes_back(&vec![0, 0xF9, 0xFF])?;
    comes_back(&i64::MIN)?;
    comes_back(&i32::MAX)?;
    comes_back(&i16::MIN)?;
    comes_back(&true)?;
    comes_back(&false)?;
    comes_back(&Uuid::now_v7())?;
    comes_back(&f64::MIN_POSITIVE)?;
    comes_back(&NaiveDate::MIN)?;
    comes_back(&NaiveDate::MAX)?;
    comes_back(&DateTime::<Utc>::from_timestamp_micros(-1).unwrap_or_default())?;
    comes_back(&Json(serde_json::json!({"a": [1, null, "x".repeat(5_000)]})))?;
    comes_back(&Json(Credential { access: "xoxb".to_owned(), scopes: vec!["chat".to_owned()] }))
}

#[test]
fn a_float_keeps_its_bits() -> Result<()> {
    let key = acme_key()?;
    let cell = seal(f64::from_bits(0x7ff8_0000_0000_0123), &key, &acme_token())?;
    let opened = open::<f64>(&cell, &acme_token(), &keyring_of(&[&key]))?;
    assert_eq!(opened.to_bits(), 0x7ff8_0000_0000_0123);
    Ok(())
}

#[test]
fn a_seal_adds_48_bytes_and_never_looks_the_same_twice() -> Result<()> {
    let key = acme_key()?;
    let first = seal("same".to_owned(), &key, &acme_token())?;
    let second = seal("same".to_owned(), &key, &acme_token())?;
    assert_eq!(first.len(), 48 + 4);
    assert_ne!(first, second);
    Ok(())
}

#[test]
fn null_opens_as_none_and_only_where_it_may() -> Result<()> {
    let (context, keyring) = (acme_token(), Keyring::default());
    assert!(Option::<Encrypted<String>>::read(None, &context, &keyring)?.is_none());
    assert!(None::<Encrypted<String>>.plaintext()?.is_none());

    let error = Encrypted::<String>::read(None, &context, &keyring).unwrap_err();
    assert!(error.is_decode() && error.message().starts_with("tokens.token: "), "{error}");
    Ok(())
}

#[test]
fn a_value_over_16_mib_is_refused_before_it_is_sealed() -> Result<()> {
    let error = seal(vec![0; 16 * 1024 * 1024 + 1], &*acme_key()?, &acme_token()).unwrap_err();
    assert!(error.is_encode() && error.message().contains("16 MiB"), "{error}");
    Ok(())
}

#[test]
fn json_of_another_shape_is_a_decode_error_without_the_value() -> Result<()> {
    let key = acme_key()?;
    let cell = seal(Json(serde_json::json!("hunter2")), &key, &acme_token())?;
    let error = open::<Json<Credential>>(&cell, &acme_token(), &keyring_of(&[&key])).map(|_| ()).unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(!format!("{error:?}{error}").contains("hunter2"));
    Ok(())
}

#[test]
fn a_plain_column_cannot_be_sealed_or_opened() -> Result<()> {
    let key = acme_key()?;
    let plain = CellContext::new(&TOKENS, ID, ROW, Some(ACME));
    assert!(seal("x".to_owned(), &key, &plain).unwrap_err().is_config());
    let cell = seal("x".to_owned(), &key, &acme_token())?;
    assert!(open::<String>(&cell, &plain, &keyring_of(&[&key])).unwrap_err().is_config());
    let nowhere = CellContext::new(&TOKENS, 99, ROW, Some(ACME));
    assert!(seal("x".to_owned(), &key, &nowhere).unwrap_err().is_config());
    Ok(())
}

#[test]
fn setters_take_the_bare_value() {
    fn held<V: IntoValue<Encrypted<String>>>(value: V) -> Encrypted<String> {
        value.into_value()
    }
    fn held_or_null<V: IntoValue<Option<Encrypted<String>>>>(value: V) -> Option<Encrypted<String>> {
        value.into_value()
    }
    assert_eq!(held("a").expose(), "a");
    assert_eq!(held("a".to_owned()).expose(), "a");
    assert_eq!(held(Encrypted::new("a".to_owned())).expose(), "a");
    assert!(held_or_null("a").is_some());
    assert!(held_or_null("a".to_owned()).is_some());
    assert!(held_or_null(Encrypted::from("a".to_owned())).is_some());
    assert!(held_or_null(None::<Encrypted<String>>).is_none());
}

#[cfg(feature = "decimal")]
#[test]
fn a_decimal_keeps_the_digits_after_its_point() -> Result<()> {
    let key = acme_key()?;
    for text in ["0", "-12.340", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
        let value: rust_decimal::Decimal = text.parse().unwrap_or_else(|error| panic!("{error}"));
        let cell = seal(value, &key, &acme_token())?;
        let opened = open::<rust_decimal::Decimal>(&cell, &acme_token(), &keyring_of(&[&key]))?;
        assert_eq!(opened.to_string(), text);
    }
    Ok(())
}
