//! Plain columns' values, moved without their Rust types.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::Plaintext;
use super::*;
use crate::value::{Json, Value};

/// The column's form on the wire becomes what the codec writes.
fn moves<T: Value + Codec>(value: T) -> Result<()> {
    let mut wire = bytes::BytesMut::new();
    assert!(value.to_sql(&T::TYPE.wire_type(), &mut wire).is_ok());
    let moved = Plaintext::of_column(T::CODEC, &wire);
    let sealed = Encrypted::new(value).plaintext()?;
    assert!(moved.is_some());
    assert_eq!(moved.as_ref().map(Plaintext::value), sealed.as_ref().map(Plaintext::value));
    Ok(())
}

#[test]
fn every_type_of_column_is_moved_as_its_codec_writes_it() -> Result<()> {
    moves("schlüssel".to_owned())?;
    moves(vec![0_u8, 0xf9])?;
    moves(true)?;
    moves(-3_i16)?;
    moves(-3_i32)?;
    moves(i64::MIN)?;
    moves(-0.5_f64)?;
    moves(Uuid::now_v7())?;
    moves(Json(serde_json::json!({"a": [1, "ü"]})))?;
    for days in [-700_000, 0, 1, 730_120, 1_000_000] {
        moves(NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default())?;
    }
    for micros in [-62_135_596_800_000_000, -1, 0, 946_684_800_000_000, 1_709_210_096_789_012] {
        moves(DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default())?;
    }
    Ok(())
}

#[test]
fn a_value_that_the_codec_cannot_hold_is_none() {
    assert!(Plaintext::of_column(1, &[0xff]).is_none());
    assert!(Plaintext::of_column(4, &[0; 8]).is_none());
    assert!(Plaintext::of_column(6, &[0; 15]).is_none());
    assert!(Plaintext::of_column(9, &i64::MAX.to_be_bytes()).is_none(), "infinity");
    assert!(Plaintext::of_column(11, b"{}").is_none());
    assert!(Plaintext::of_column(99, b"").is_none());
}
