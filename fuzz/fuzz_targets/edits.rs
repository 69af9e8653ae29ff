//! Sealed cells, edited and put elsewhere.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use waygate_fuzz::PLACES;

/// One change to a cell.
#[derive(Arbitrary, Debug)]
enum Edit {
    /// A byte, with these bits the other way round.
    Flip { at: u16, bits: u8 },
    /// Bytes put in the place of others.
    Write { at: u16, bytes: Vec<u8> },
    /// The same bytes of another cell.
    Take { from: u8, at: u16, length: u16 },
    /// The end cut off.
    Cut { length: u16 },
    /// Bytes after the end.
    Append { bytes: Vec<u8> },
}

impl Edit {
    fn apply(self, cell: &mut Vec<u8>) {
        match self {
            Self::Flip { at, bits } => {
                let length = cell.len().max(1);
                if let Some(byte) = cell.get_mut(usize::from(at) % length) {
                    *byte ^= bits;
                }
            }
            Self::Write { at, bytes } => write(cell, usize::from(at), &bytes),
            Self::Take { from, at, length } => {
                let other = &PLACES[usize::from(from) % PLACES.len()].cell;
                let at = usize::from(at) % other.len();
                let end = at.saturating_add(length.into()).min(other.len());
                write(cell, at, &other[at..end]);
            }
            Self::Cut { length } => cell.truncate(length.into()),
            Self::Append { bytes } => cell.extend(bytes),
        }
    }
}

/// Puts these bytes over what stands there, as far as the cell goes.
fn write(cell: &mut [u8], at: usize, bytes: &[u8]) {
    cell.iter_mut().skip(at).zip(bytes).for_each(|(byte, new)| *byte = *new);
}

fuzz_target!(|input: (u8, u8, Vec<Edit>)| {
    let (sealed_for, opened_at, edits) = input;
    let mut cell = PLACES[usize::from(sealed_for) % PLACES.len()].cell.clone();
    edits.into_iter().for_each(|edit| edit.apply(&mut cell));
    let place = &PLACES[usize::from(opened_at) % PLACES.len()];
    assert_eq!(place.opens(&cell), cell == place.cell);
});
