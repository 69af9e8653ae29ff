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

/// The number of insertions, deletions and substitutions that turn one word into the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut previous: Vec<usize> = (0..=to.len()).collect();
    for (row, have) in from.chars().enumerate() {
        let mut left = row + 1;
        let mut current = vec![left];
        for (want, above) in to.iter().zip(previous.windows(2)) {
            let &[diagonal, up] = above else { continue };
            left = (diagonal + usize::from(have != *want)).min(up + 1).min(left + 1);
            current.push(left);
        }
        previous = current;
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn the_distance_counts_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("unique", "unique"), 0);
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        assert_eq!(nearest("uniqe", ["index", "unique"]), Some("unique"));
        assert_eq!(nearest("tennant", ["tenant", "table"]), Some("tenant"));
        assert_eq!(nearest("primary", ["key", "table"]), None);
    }
}
