//! What makes two texts one when they are looked for.
//!
//! Each normalizer's number is part of the index's key, and stands for exactly what is written here. One that is to do
//! something else gets a new number.

use zeroize::Zeroizing;

use crate::schema::Normalizer;

/// The normalizer's number and argument in the index's key.
pub(super) fn number(normalizer: Normalizer) -> (u8, u16) {
    match normalizer {
        Normalizer::Exact => (1, 0),
        Normalizer::Lower => (2, 0),
        Normalizer::Trim => (3, 0),
        Normalizer::TrimLower => (4, 0),
        Normalizer::Digits => (5, 0),
        Normalizer::Last(characters) => (6, characters),
    }
}

/// The text in the form in which it is compared.
pub(super) fn normalize(normalizer: Normalizer, text: &str) -> Zeroizing<Vec<u8>> {
    match normalizer {
        Normalizer::Exact => copy(text),
        Normalizer::Lower => lower(text),
        Normalizer::Trim => copy(text.trim()),
        Normalizer::TrimLower => lower(text.trim()),
        Normalizer::Digits => collect(text.len(), text.chars().filter(char::is_ascii_digit)),
        Normalizer::Last(characters) => {
            let start = text.char_indices().rev().take(usize::from(characters)).last().map_or(text.len(), |(at, _)| at);
            copy(text.get(start..).unwrap_or_default())
        }
    }
}

fn copy(text: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.as_bytes().to_vec())
}

/// Character by character: unlike a word's end in `str::to_lowercase`, its neighbours do not change a letter.
fn lower(text: &str) -> Zeroizing<Vec<u8>> {
    collect(text.len(), text.chars().flat_map(char::to_lowercase))
}

/// The characters' bytes. No lower case is longer than one and a half times its letter, so twice the room is enough: a
/// buffer that grows would leave a copy behind.
fn collect(length: usize, characters: impl Iterator<Item = char>) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(length * 2));
    let mut bytes = [0; 4];
    for character in characters {
        out.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
    }
    out
}
