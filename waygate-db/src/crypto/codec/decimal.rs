//! The codec of decimal numbers: their text, which keeps the digits after the point.

use rust_decimal::Decimal;
use zeroize::Zeroizing;

use super::{Codec, DECIMAL, closed};
use crate::crypto::draft::Draft;
use crate::error::Result;

impl closed::Closed for Decimal {}

impl Codec for Decimal {
    const CODEC: u8 = DECIMAL;
    type Held = Self;

    fn hold(self) -> Self {
        self
    }

    fn expose(held: &Self) -> &Self {
        held
    }

    fn release(held: Self) -> Self {
        held
    }

    fn encode(&self) -> Result<Draft> {
        Ok(Draft::of(Zeroizing::new(self.to_string()).as_bytes()))
    }

    fn decode(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        let text = std::str::from_utf8(&bytes).ok()?;
        // Only the form that is written: `1e3` or `+1` was not sealed here.
        text.parse::<Self>().ok().filter(|value| *Zeroizing::new(value.to_string()) == text)
    }
}
