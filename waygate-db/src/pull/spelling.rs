//! How an enum spells its labels, in the words of `#[model(rename_all = "…")]`.

use super::words::{pascal, snake};

/// A spelling, as the derive makes a label of a variant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelling {
    /// Its name; none for the derive's own.
    pub(super) word: Option<&'static str>,
    label: fn(&str) -> String,
}

const SNAKE: Spelling = Spelling { word: None, label: snake };

/// Every spelling, the derive's own first.
const ALL: &[Spelling] = &[
    SNAKE,
    Spelling { word: Some("UPPERCASE"), label: str::to_uppercase },
    Spelling { word: Some("lowercase"), label: str::to_lowercase },
    Spelling { word: Some("SCREAMING_SNAKE_CASE"), label: |variant| snake(variant).to_uppercase() },
    Spelling { word: Some("kebab-case"), label: |variant| snake(variant).replace('_', "-") },
    Spelling { word: Some("SCREAMING-KEBAB-CASE"), label: |variant| snake(variant).to_uppercase().replace('_', "-") },
    Spelling { word: Some("camelCase"), label: camel },
    Spelling { word: Some("PascalCase"), label: upper_camel },
];

impl Spelling {
    /// The spelling that gives every label, or the derive's own.
    pub(super) fn of<'a>(variants: &[(&'a str, &'a str)]) -> Self {
        let gives_all = |spelling: &&Self| variants.iter().all(|(variant, label)| spelling.label(variant) == *label);
        ALL.iter().find(gives_all).copied().unwrap_or(SNAKE)
    }

    /// The label of a variant.
    pub(super) fn label(&self, variant: &str) -> String {
        (self.label)(variant)
    }
}

fn upper_camel(variant: &str) -> String {
    let words: Vec<String> = snake(variant).split('_').map(str::to_owned).collect();
    pascal(&words)
}

fn camel(variant: &str) -> String {
    let pascal = upper_camel(variant);
    let mut letters = pascal.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
