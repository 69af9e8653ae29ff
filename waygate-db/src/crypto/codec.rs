//! Which values can be sealed, and the bytes they are sealed as.

#[cfg(feature = "decimal")]
mod decimal;
mod json;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::draft::Draft;
use crate::error::Result;

/// The codecs' numbers in the stored format. Row keys are bound with the UUIDs' too.
pub(super) const TEXT: u8 = 1;
pub(super) const BYTES: u8 = 2;
pub(super) const I64: u8 = 3;
pub(super) const I32: u8 = 4;
pub(super) const BOOL: u8 = 5;
pub(super) const UUID: u8 = 6;
pub(super) const F64: u8 = 7;
pub(super) const DATE: u8 = 8;
pub(super) const TIME: u8 = 9;
pub(super) const DECIMAL: u8 = 10;
pub(super) const JSON: u8 = 11;
pub(super) const I16: u8 = 12;

/// A type whose values can be sealed in an [`Encrypted`](super::Encrypted) field.
///
/// Texts, bytes, `i16`, `i32`, `i64`, `f64`, booleans, UUIDs, dates, times (to the microsecond), with the feature
/// `decimal` also `rust_decimal`'s `Decimal`, and [`Json`](crate::Json) of any type that serde reads and writes. The list
/// is closed: each codec has a number in the stored format.
///
/// Texts, bytes, numbers and UUIDs are wiped from memory when their field is dropped. Dates, times, decimals and the
/// values inside `Json` are not, though the bytes they were read from are; a type inside `Json` may wipe itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sealed",
    label = "no codec is known for this type",
    note = "wrap a serialisable type as `Encrypted<Json<…>>`, or seal a `String` or `Vec<u8>`"
)]
pub trait Codec: closed::Closed + Sized + Send + Sync + 'static {
    /// The codec's number in the stored format.
    #[doc(hidden)]
    const CODEC: u8;

    /// The form in which the program holds the value: one that wipes itself, where the type allows it.
    #[doc(hidden)]
    type Held: Send + Sync;

    #[doc(hidden)]
    fn hold(self) -> Self::Held;

    #[doc(hidden)]
    fn expose(held: &Self::Held) -> &Self;

    #[doc(hidden)]
    fn release(held: Self::Held) -> Self;

    /// The bytes to seal.
    #[doc(hidden)]
    fn encode(&self) -> Result<Draft>;

    /// The value with these bytes; `None` when they are not of this type.
    #[doc(hidden)]
    fn decode(bytes: Zeroizing<Vec<u8>>) -> Option<Self>;
}

mod closed {
    /// Keeps the list of codecs closed.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot have a codec of its own",
        label = "the stored format has a number for each codec, and the list is closed",
        note = "wrap a type that serde reads and writes in `Json<…>`: `Encrypted<Json<{Self}>>`"
    )]
    pub trait Closed {}
}

/// What a codec's values are called in messages; `None` for a number that is not in use.
pub(super) fn name(codec: u8) -> Option<&'static str> {
    Some(match codec {
        TEXT => "text",
        BYTES => "bytes",
        I64 => "i64",
        I32 => "i32",
        BOOL => "boolean",
        UUID => "UUID",
        F64 => "f64",
        DATE => "date",
        TIME => "time",
        DECIMAL => "decimal",
        JSON => "JSON",
        I16 => "i16",
        _ => return None,
    })
}

/// Whether all values of the codec are of one length, so that theirs says nothing.
pub(super) fn is_fixed_width(codec: u8) -> bool {
    !matches!(codec, TEXT | BYTES | DECIMAL | JSON)
}

impl closed::Closed for String {}

impl Codec for String {
    const CODEC: u8 = TEXT;
    type Held = Zeroizing<Self>;

    fn hold(self) -> Self::Held {
        Zeroizing::new(self)
    }

    fn expose(held: &Self::Held) -> &Self {
        held
    }

    fn release(mut held: Self::Held) -> Self {
        std::mem::take(&mut *held)
    }

    fn encode(&self) -> Result<Draft> {
        Ok(Draft::of(self.as_bytes()))
    }

    fn decode(mut bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        // The text takes the buffer over; one that is no text is wiped.
        Self::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| Zeroizing::new(error.into_bytes())).ok()
    }
}

impl closed::Closed for Vec<u8> {}

impl Codec for Vec<u8> {
    const CODEC: u8 = BYTES;
    type Held = Zeroizing<Self>;

    fn hold(self) -> Self::Held {
        Zeroizing::new(self)
    }

    fn expose(held: &Self::Held) -> &Self {
        held
    }

    fn release(mut held: Self::Held) -> Self {
        std::mem::take(&mut *held)
    }

    fn encode(&self) -> Result<Draft> {
        Ok(Draft::of(self))
    }

    fn decode(mut bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        Some(std::mem::take(&mut *bytes))
    }
}

/// Codecs of fixed width. `held` is the form that wipes itself, `bytes` and `value` go there and back.
macro_rules! fixed_width {
    ($($ty:ty = $code:expr, held $held:ty {
        hold: $hold:expr, expose: $expose:expr, release: $release:expr, bytes: $bytes:expr, value: $value:expr,
    })*) => {$(
        impl closed::Closed for $ty {}

        impl Codec for $ty {
            const CODEC: u8 = $code;
            type Held = $held;

            fn hold(self) -> Self::Held {
                ($hold)(self)
            }

            fn expose(held: &Self::Held) -> &Self {
                let expose: fn(&Self::Held) -> &Self = $expose;
                expose(held)
            }

            fn release(held: Self::Held) -> Self {
                ($release)(held)
            }

            fn encode(&self) -> Result<Draft> {
                Ok(Draft::of(&Zeroizing::new(($bytes)(*self))[..]))
            }

            fn decode(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
                bytes.as_slice().try_into().ok().and_then($value)
            }
        }
    )*};
}

fixed_width! {
    i64 = I64, held Zeroizing<i64> {
        hold: Zeroizing::new, expose: |held| held, release: |held: Self::Held| *held,
        bytes: i64::to_be_bytes, value: |bytes| Some(i64::from_be_bytes(bytes)),
    }
    i32 = I32, held Zeroizing<i32> {
        hold: Zeroizing::new, expose: |held| held, release: |held: Self::Held| *held,
        bytes: i32::to_be_bytes, value: |bytes| Some(i32::from_be_bytes(bytes)),
    }
    i16 = I16, held Zeroizing<i16> {
        hold: Zeroizing::new, expose: |held| held, release: |held: Self::Held| *held,
        bytes: i16::to_be_bytes, value: |bytes| Some(i16::from_be_bytes(bytes)),
    }
    bool = BOOL, held Zeroizing<bool> {
        hold: Zeroizing::new, expose: |held| held, release: |held: Self::Held| *held,
        bytes: |value| [u8::from(value)], value: |[byte]: [u8; 1]| (byte <= 1).then_some(byte == 1),
    }
    Uuid = UUID, held Zeroizing<[u8; 16]> {
        hold: |uuid: Uuid| Zeroizing::new(uuid.into_bytes()), expose: |held| Uuid::from_bytes_ref(held),
        release: |held: Self::Held| Uuid::from_bytes(*held),
        bytes: Uuid::into_bytes, value: |bytes| Some(Uuid::from_bytes(bytes)),
    }
    f64 = F64, held Zeroizing<f64> {
        hold: Zeroizing::new, expose: |held| held, release: |held: Self::Held| *held,
        bytes: f64::to_be_bytes, value: |bytes| Some(f64::from_be_bytes(bytes)),
    }
    // Days since the common era, in which 0001-01-01 is day 1.
    NaiveDate = DATE, held Self {
        hold: |date| date, expose: |held| held, release: |held| held,
        bytes: |date: NaiveDate| date.num_days_from_ce().to_be_bytes(),
        value: |bytes| NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(bytes)),
    }
    // Microseconds since 1970, as PostgreSQL keeps them.
    DateTime<Utc> = TIME, held Self {
        hold: |time| time, expose: |held| held, release: |held| held,
        bytes: |time: DateTime<Utc>| time.timestamp_micros().to_be_bytes(),
        value: |bytes| DateTime::from_timestamp_micros(i64::from_be_bytes(bytes)),
    }
}
