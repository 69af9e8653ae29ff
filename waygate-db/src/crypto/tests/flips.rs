//! Every flipped bit and byte, and every cut, of cells of each codec, binding and padding: each is refused, with the
//! error of the part that it hits.

use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::error::Error;
use crate::value::Json;

/// Seals a value, alters the cell in every way, and sees each alteration refused.
fn withstands<T: Codec>(value: T, column: usize, flips: &[u8]) -> Result<()> {
    let context = CellContext::new(&TOKENS, column, ROW, Some(ACME));
    let key = fixed_key(KeyScope::Tenant(ACME))?;
    let keyring = keyring_of(&[&key]);
    let cell = seal(value, &key, &context)?;
    assert!(open::<T>(&cell, &context, &keyring).is_ok());
    let refused = |altered: &[u8]| {
        let error = open::<T>(altered, &context, &keyring).map(|_| ()).unwrap_err();
        assert!(error.message().starts_with(&context.column_name()), "{error}");
        error
    };

    for at in 0..cell.len() {
        for flip in flips {
            let mut altered = cell.clone();
            altered[at] ^= flip;
            let error = refused(&altered);
            assert!(is_of_its_part(&error, at, altered[at]), "codec {}, byte {at}: {error}", T::CODEC);
        }
        // Under 48 bytes there is not even room for an empty value.
        let error = refused(&cell[..at]);
        assert!(if at < 48 { error.is_not_sealed() } else { error.is_altered() }, "cut to {at}: {error}");
    }
    assert!(refused(&[cell.as_slice(), &[0]].concat()).is_altered());
    Ok(())
}

/// Whether this is the error for another byte at this offset.
fn is_of_its_part(error: &Error, at: usize, byte: u8) -> bool {
    match at {
        0 => error.is_not_sealed(),
        1 => error.is_sealed_form_unknown(),
        // Flags: an unknown one, another binding, or padding where there was none.
        2 if byte > 0b111 => error.is_sealed_form_unknown(),
        2 => error.is_sealed_binding_wrong() || error.is_altered(),
        3 if !(1..=12).contains(&byte) => error.is_sealed_form_unknown(),
        3 => error.is_sealed_type_wrong(),
        4..20 => error.is_key_unknown(),
        _ => error.is_altered(),
    }
}

/// Each bit, and all of them.
const BITS: [u8; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 255];

#[test]
fn each_codec_withstands_each_flipped_bit_and_each_cut() -> Result<()> {
    for column in [TOKEN, PADDED, STATE] {
        withstands("a token".to_owned(), column, &BITS)?;
        withstands(vec![0xf9_u8, 0x01, 0x80, 0x00], column, &BITS)?;
        withstands(-2_i64, column, &BITS)?;
        withstands(-3_i32, column, &BITS)?;
        withstands(-4_i16, column, &BITS)?;
        withstands(true, column, &BITS)?;
        withstands(ACME, column, &BITS)?;
        withstands(-0.5_f64, column, &BITS)?;
        withstands(NaiveDate::MAX, column, &BITS)?;
        withstands(DateTime::<Utc>::UNIX_EPOCH, column, &BITS)?;
        withstands(Json(serde_json::json!({"a": 1})), column, &BITS)?;
        #[cfg(feature = "decimal")]
        withstands(rust_decimal::Decimal::new(-12_345_600, 4), column, &BITS)?;
    }
    Ok(())
}

#[test]
fn each_binding_withstands_each_flipped_bit_and_each_cut() -> Result<()> {
    for column in [STEPPED, TENANTS, ANYWHERE] {
        withstands("a token".to_owned(), column, &BITS)?;
        withstands(String::new(), column, &BITS)?;
    }
    Ok(())
}

#[test]
fn no_byte_of_a_cell_can_be_any_other_byte() -> Result<()> {
    let all: Vec<u8> = (1..=255).collect();
    withstands("t".to_owned(), TOKEN, &all)?;
    withstands("t".to_owned(), PADDED, &all)
}
