//! The names of what a table gets without the model naming it.

use sha2::{Digest, Sha256};

/// The longest name that PostgreSQL keeps, in bytes; it cuts longer ones, and two cut names may be one.
const LONGEST: usize = 63;

/// `<table>_<part>_…_<suffix>`; too long a name ends in a hash of the whole before its suffix instead.
pub(crate) fn derived<'a>(table: &str, parts: impl IntoIterator<Item = &'a str>, suffix: &str) -> String {
    let stem = parts.into_iter().fold(table.to_owned(), |stem, part| stem + "_" + part);
    let name = format!("{stem}_{suffix}");
    if name.len() <= LONGEST {
        return name;
    }
    let digest = Sha256::digest(&name);
    let hash = digest.iter().take(4).fold(0_u32, |hash, byte| hash << 8 | u32::from(*byte));
    let end = format!("_{hash:08x}_{suffix}");
    let kept = stem.char_indices().take_while(|(at, char)| at + char.len_utf8() + end.len() <= LONGEST);
    kept.map(|(_, char)| char).collect::<String>() + &end
}
