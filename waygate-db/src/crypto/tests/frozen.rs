//! Cells and keys that must read for ever.
//!
//! Computed by another implementation (OpenSSL's cipher, Python's HMAC) from the format's description. A change that
//! breaks one of these makes stored secrets unreadable: do not edit them, add a new suite.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::EnvKeys;
use super::super::cipher::Nonce;
use super::super::kek::Kek;
use super::*;
use crate::value::Json;

const NONCE: [u8; 12] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab];
const HEADER_ID: &str = "e31011db08fd99dda9a393cf8447ce3d";

fn seals_as<T: Codec>(value: T, expected: &str) -> Result<()> {
    let key = fixed_key(KeyScope::Tenant(ACME))?;
    let plaintext = Encrypted::new(value).plaintext()?;
    let cell = plaintext.map(|value| value.seal_under(Nonce::fixed(NONCE), &key, &acme_token())).transpose()?;
    let (codec, sealed) = (T::CODEC, expected);
    let expected = format!("f90103{codec:02x}{HEADER_ID}a0a1a2a3a4a5a6a7a8a9aaab{sealed}");
    assert_eq!(cell.map(|cell| hex(&cell)), Some(expected));
    Ok(())
}

#[test]
fn every_codec_seals_to_its_frozen_cell() -> Result<()> {
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap_or_default();
    let time = DateTime::<Utc>::from_timestamp_micros(1_709_210_096_789_012).unwrap_or_default();
    seals_as("xoxb-ü-1234".to_owned(), "49bb18adf278c80407c195de4f2b16f960aa5df621c38f65f500556b")?;
    seals_as(vec![0, 0xff], "39b0586d870100129a6626788b6212e6f1a9")?;
    seals_as(-2_i64, "5816b9488ebef5e470eceb7bcc2cf41f369f6c4954f084e0")?;
    seals_as(-3_i32, "008a9c27f28445e8099af91e7251f7e06f35ecbe")?;
    seals_as(true, "ff5a60815671794bc8eabf59caf6710969")?;
    seals_as(ACME, "efa7da24571c6df72a1be813303f85ebafc6f954754eb22dc9d2b019be215da4")?;
    seals_as(-0.5_f64, "18fddc80c00f02de8342d7f8f356ed41f627b1a06e9ba870")?;
    seals_as(date, "67ba7f44165dbb7ae3baddf06aa7fd4863d01825")?;
    seals_as(time, "2576a98ebd305f0afd31fed0d5cbeb0b83e17114406a83a6")
}

#[test]
fn a_shared_tables_cell_is_frozen_too() -> Result<()> {
    let key = fixed_key(KeyScope::App)?;
    let context = CellContext::new(&SHARED, TOKEN, ROW, None);
    let plaintext = Encrypted::new(Json(serde_json::json!({"a": [1, 2]}))).plaintext()?;
    let cell = plaintext.map(|value| value.seal_under(Nonce::fixed(NONCE), &key, &context)).transpose()?;
    let frozen = "f901010bcdfae3e210d01031b33c2ca73981824da0a1a2a3a4a5a6a7a8a9aaab\
                  f3d8bbe6427c75fcc18c75a3712262156e8e38e5b917739f8bdd75";
    assert_eq!(cell.map(|cell| hex(&cell)).as_deref(), Some(frozen));
    Ok(())
}

#[test]
fn a_commitment_is_frozen() -> Result<()> {
    let key = fixed_key(KeyScope::Tenant(ACME))?;
    assert_eq!(hex(&key.commitment()), "e31011db08fd99dda9a393cf8447ce3def5f194595f10643c2c909ae85000f74");
    assert_eq!(key.id().to_string(), HEADER_ID);
    let app = fixed_key(KeyScope::App)?;
    assert_eq!(hex(&app.commitment()), "cdfae3e210d01031b33c2ca73981824d00399f35fe0c6bc0eaa1b68e104b4d2b");
    Ok(())
}

#[test]
fn a_wrapped_key_is_frozen() -> Result<()> {
    let key = fixed_key(KeyScope::Tenant(ACME))?;
    let secret = KeySecret::new(std::array::from_fn(|index| u8::try_from(index + 32).unwrap_or_default()));
    let wrapped = Kek::new(&secret)?.seal_under(Nonce::fixed(NONCE), key.secret(), &key.wrap_context())?;
    let frozen = "fa01a0a1a2a3a4a5a6a7a8a9aaab47d9007f850e4f42f77eddc70f886d6e80cae23fea0388989bf338fdcfa659d7\
                  d36ff7fe8b2f103dc76c8d211ca0c35a";
    assert_eq!(hex(&wrapped), frozen);
    // The same key, as its variable spells it.
    let text = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=".to_owned();
    let vars = [("WAYGATE_KEK_a".to_owned(), text), ("WAYGATE_KEK_CURRENT".to_owned(), "a".to_owned())];
    let keys = EnvKeys::from_vars(vars)?;
    let request =
        super::super::UnwrapRequest { provider: "env", kek: "a", wrapped: &wrapped, context: key.wrap_context() };
    assert_eq!(keys.unwrap_one(&request)?.expose(), key.secret().expose());
    Ok(())
}
