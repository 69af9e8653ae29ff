//! A plain column's value as the codec of a sealed one writes it, without the Rust type between them.

use super::codec::{BOOL, BYTES, DATE, F64, I16, I32, I64, JSON, TEXT, TIME, UUID};
use super::draft::Draft;
use super::secret::Plaintext;

/// From PostgreSQL's days, which start in 2000, to days of the common era, in which 0001-01-01 is day 1.
const DAYS_BEFORE_2000: i32 = 730_120;
/// From PostgreSQL's microseconds, which start in 2000, to those since 1970.
const MICROS_BEFORE_2000: i64 = 946_684_800_000_000;
/// The byte before the text of a `jsonb` on the wire.
const JSONB_VERSION: u8 = 1;

impl Plaintext {
    /// The value of a plain column, from its binary form on the wire; `None` for one that the codec cannot hold.
    pub(crate) fn of_column(codec: u8, bytes: &[u8]) -> Option<Self> {
        let draft = match (codec, bytes) {
            (TEXT, text) => Draft::of(std::str::from_utf8(text).ok()?.as_bytes()),
            // The same bytes on both sides: numbers are big-endian.
            (BYTES, _) | (BOOL, [_]) | (I16, [_, _]) | (I32, [_, _, _, _]) => Draft::of(bytes),
            (I64 | F64 | UUID, _) if bytes.len() == if codec == UUID { 16 } else { 8 } => Draft::of(bytes),
            (DATE, _) => {
                let days = i32::from_be_bytes(bytes.try_into().ok()?);
                Draft::of(&days.checked_add(DAYS_BEFORE_2000)?.to_be_bytes())
            }
            (TIME, _) => {
                let micros = i64::from_be_bytes(bytes.try_into().ok()?);
                Draft::of(&micros.checked_add(MICROS_BEFORE_2000)?.to_be_bytes())
            }
            (JSON, [JSONB_VERSION, json @ ..]) => Draft::of(json),
            _ => return None,
        };
        Some(Self::of_draft(codec, draft))
    }
}
