//! Hiding a value's length: ISO 7816-4 padding, inside what is encrypted.
//!
//! A byte `0x80` follows the value, then zeros up to the padded length. The cell's flags say that a value is padded, and
//! those are authenticated, so the padding is only ever looked for where it was put.

use super::codec;
use crate::schema::Padding;

/// The byte between a value and the zeros that fill it up.
const MARK: u8 = 0x80;
/// The steps of a short value's length.
const STEP: usize = 16;
/// The longest value that is padded in steps; a longer one is padded by a part of its length.
const SHORT: usize = 256;

/// How long a value of this length is when it is padded; `None` when it is not to be padded.
pub(super) fn padded_length(padding: Padding, codec: u8, length: usize) -> Option<Padded> {
    let least = length + 1;
    match padding {
        Padding::None => None,
        Padding::Auto if codec::is_fixed_width(codec) => None,
        Padding::Auto if least <= SHORT => Some(Padded::To(least.next_multiple_of(STEP))),
        Padding::Auto => Some(Padded::To(padme(least))),
        Padding::Block(step) => Some(Padded::To(least.next_multiple_of(usize::from(step).max(1)))),
        Padding::Fixed(fixed) => {
            let fixed = usize::try_from(fixed).unwrap_or(usize::MAX);
            Some(if least <= fixed { Padded::To(fixed) } else { Padded::TooLong })
        }
    }
}

/// What padding a value comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Padded {
    /// So many bytes, at least one more than the value.
    To(usize),
    /// The value does not fit into the fixed length.
    TooLong,
}

/// Fills the buffer up to this length.
pub(super) fn pad(buffer: &mut Vec<u8>, length: usize) {
    buffer.push(MARK);
    buffer.resize(length.max(buffer.len()), 0);
}

/// The length of the value in this padded one; `None` when it was not padded.
pub(super) fn value_length(padded: &[u8]) -> Option<usize> {
    let last = padded.iter().rposition(|byte| *byte != 0)?;
    (padded.get(last) == Some(&MARK)).then_some(last)
}

/// Padmé, of "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs" (Nikitin et al., 2019): the
/// next length whose binary form has no more digits than its exponent, at most 12 % more.
fn padme(length: usize) -> usize {
    let exponent = length.max(2).ilog2();
    let digits = exponent.max(1).ilog2() + 1;
    let step = 1_usize << exponent.saturating_sub(digits);
    length.next_multiple_of(step)
}
