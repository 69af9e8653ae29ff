//! Ids of this runner's form for the migrations of others, in the same order.

use super::layout::{Old, number};

/// The longest name behind the version.
const LONGEST: usize = 80;
/// How many digits a version has.
const DIGITS: usize = 14;

/// One id for each: its own digits where they are 14, filled up with zeros where they are fewer, cut where they are more,
/// and one higher than the id before where that would not be in order.
pub(super) fn map(files: &[Old]) -> Vec<String> {
    let mut last: Option<u128> = None;
    let id = |file: &Old| {
        let cut = file.digits.get(..DIGITS).unwrap_or(&file.digits);
        let own = number(cut);
        let version = last.map_or(own, |last| own.max(last.saturating_add(1)));
        last = Some(version);
        format!("{version:0DIGITS$}_{}", name(&file.name))
    };
    files.iter().map(id).collect()
}

/// A name of a–z, 0–9 and underscores.
fn name(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    name.truncate(LONGEST);
    if name.is_empty() { "migration".to_owned() } else { name }
}
