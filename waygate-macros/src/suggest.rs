//! The nearest known word to one that is not known.

/// The candidate that a typing error most likely meant, if one is near enough.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // One edit in three letters: `uniqe` finds `unique`, `foo` finds nothing.
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The words as a list in a sentence, each in backquotes.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// The number of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    let cell = |rows: &[Vec<usize>], row: usize, column: usize| {
        rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(usize::MAX)
    };
    for (row, have) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, want) in to.iter().enumerate() {
            let replaced = cell(&rows, row, column) + usize::from(have != want);
            let removed = cell(&rows, row, column + 1) + 1;
            let added = current.get(column).copied().unwrap_or(usize::MAX).saturating_add(1);
            let mut least = replaced.min(removed).min(added);
            // The pair before, the other way round: `tabel` for `table`.
            if let (Some(row), Some(column)) = (row.checked_sub(1), column.checked_sub(1))
                && from.get(row) == Some(want)
                && to.get(column) == Some(have)
            {
                least = least.min(cell(&rows, row, column) + 1);
            }
            current.push(least);
        }
        rows.push(current);
    }
    cell(&rows, from.len(), to.len())
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn the_distance_counts_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("unique", "unique"), 0);
        assert_eq!(distance("tabel", "table"), 1);
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        assert_eq!(nearest("uniqe", ["index", "unique"]), Some("unique"));
        assert_eq!(nearest("tennant", ["tenant", "table"]), Some("tenant"));
        assert_eq!(nearest("primary", ["key", "table"]), None);
    }
}
