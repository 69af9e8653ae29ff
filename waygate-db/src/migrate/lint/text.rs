//! A statement's words, as far as they say what the database cannot.

use crate::sql::lexer::tokens;

/// The tokens of a statement: words in capitals, all else as it stands.
pub(super) fn words(text: &str) -> Vec<String> {
    let is_word = |token: &str| token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    tokens(text).map(|token| if is_word(token) { token.to_ascii_uppercase() } else { token.to_owned() }).collect()
}

/// Whether these words stand in a row anywhere.
pub(super) fn holds(words: &[String], wanted: &[&str]) -> bool {
    words.windows(wanted.len()).any(|window| window.iter().zip(wanted).all(|(word, wanted)| word == wanted))
}

/// Whether a statement begins with these words.
pub(super) fn begins(words: &[String], wanted: &[&str]) -> bool {
    words.len() >= wanted.len() && words.iter().zip(wanted).all(|(word, wanted)| word == wanted)
}

/// The names of the tables whose rows a statement writes, as they stand in it.
pub(super) fn written(text: &str) -> Vec<String> {
    let tokens: Vec<&str> = tokens(text).collect();
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        // Behind another word it is part of a clause: FOR UPDATE, ON DELETE.
        let begins =
            at.checked_sub(1).and_then(|before| tokens.get(before)).is_none_or(|last| matches!(*last, "(" | ")"));
        let rest = tokens.get(at.saturating_add(1)..).unwrap_or_default();
        let rest = match (token.to_ascii_uppercase().as_str(), rest) {
            ("UPDATE", rest) if begins => rest,
            ("DELETE", [from, rest @ ..]) if begins && from.eq_ignore_ascii_case("from") => rest,
            ("MERGE" | "INSERT", [into, rest @ ..]) if begins && into.eq_ignore_ascii_case("into") => rest,
            _ => continue,
        };
        let rest = match rest {
            [only, rest @ ..] if only.eq_ignore_ascii_case("only") => rest,
            rest => rest,
        };
        names.push(name(rest));
    }
    names
}

/// The name at the beginning of these tokens, with its schema.
fn name(tokens: &[&str]) -> String {
    let mut name = String::new();
    for token in tokens {
        if !name.is_empty() && !token.starts_with('.') && !name.ends_with('.') {
            break;
        }
        name.push_str(token);
    }
    name
}
