//! Texts from the database in comments, where none of them may become code.

use super::layout::WIDTH;

/// A comment of the database's above an item: its documentation, line by line.
///
/// Where a line of documentation cannot hold it, it stands as a string. What rustdoc would take for an example and run
/// as a test stands as a comment for readers alone: a database does not get to run code on the machine that pulls it.
pub(super) fn documentation(comment: Option<&str>, indent: usize) -> String {
    let Some(comment) = comment else { return String::new() };
    let margin = " ".repeat(indent);
    if holds_code(comment) {
        let note = format!("{margin}// The comment in the database, which rustdoc would take for code:\n");
        return note + &lines(comment, &margin, "//");
    }
    if is_exact(comment) { lines(comment, &margin, "///") } else { format!("{margin}#[doc = {comment:?}]\n") }
}

/// Whether [`documentation`] keeps the comment as documentation.
pub(in crate::pull) fn is_documentation(comment: &str) -> bool {
    !holds_code(comment)
}

/// A sentence as a comment, with the following lines moved in below the first.
pub(super) fn remark(sentence: &str, indent: usize, hanging: usize) -> String {
    let margin = " ".repeat(indent);
    let mut text = String::new();
    let mut line = format!("{margin}//");
    for word in shown(sentence).split(' ').filter(|word| !word.is_empty()) {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.trim_end() != format!("{margin}//") {
            text.push_str(&line);
            text.push('\n');
            line = format!("{margin}//{}", " ".repeat(hanging));
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

/// Text in one line and in visible characters: nothing in it ends a comment or turns the reading around.
pub(in crate::pull) fn shown(text: &str) -> String {
    let show = |char: char| if is_plain(char) { char.to_string() } else { char.escape_unicode().to_string() };
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().map(show).collect()
}

fn lines(comment: &str, margin: &str, mark: &str) -> String {
    let line = |line: &str| {
        let line: String = if mark == "//" { line.replace('\t', "    ") } else { line.to_owned() };
        let line: String = line.chars().map(|char| if is_plain(char) { char } else { '\u{fffd}' }).collect();
        format!("{margin}{mark} {line}").trim_end().to_owned() + "\n"
    };
    comment.split('\n').map(line).collect()
}

/// Whether lines of documentation give the comment back unchanged.
fn is_exact(comment: &str) -> bool {
    let is_line = |line: &str| line.chars().all(is_plain) && line.trim_end() == line;
    !comment.is_empty() && comment.split('\n').all(is_line)
}

/// Whether a character is seen as it is. The others are controls, and those that turn the direction of writing, which
/// the compiler refuses in comments.
fn is_plain(char: char) -> bool {
    let turns =
        matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
    !char.is_control() && !turns && !matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Whether rustdoc would find a block of code: between fences, or indented, perhaps inside a list or a quotation.
fn holds_code(comment: &str) -> bool {
    let is_indented = |line: &str| {
        let text = line
            .trim_start_matches(|char: char| char.is_whitespace() || char.is_ascii_digit() || ">-*+.)".contains(char));
        let before = line.get(..line.len() - text.len()).unwrap_or_default();
        before.contains("    ") || before.contains('\t')
    };
    comment.contains("```") || comment.contains("~~~") || comment.lines().any(is_indented)
}
