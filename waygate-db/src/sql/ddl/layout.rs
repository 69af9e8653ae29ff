//! How a list is laid out in SQL that people read.

use std::fmt::Display;

use super::super::identifier::ident;

/// The widest line, where one can be broken.
pub(super) const WIDTH: usize = 110;

/// The names, quoted where they have to be, in one list.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names.into_iter().map(ident))
}

/// The items, in one list.
pub(super) fn joined(items: impl IntoIterator<Item = impl Display>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// `word (a, b, …)`, broken into lines under the opening parenthesis when it is long, with `indent` columns before it.
pub(crate) fn wrapped<'a>(word: &str, names: impl IntoIterator<Item = &'a str>, indent: usize) -> String {
    let margin = indent + word.len() + 2;
    let mut text = format!("{word} (");
    let mut column = margin;
    for (index, name) in names.into_iter().enumerate() {
        let name = ident(name).to_string();
        if index > 0 {
            text.push(',');
            if column + name.len() + 3 > WIDTH {
                text.push('\n');
                text.push_str(&" ".repeat(margin));
                column = margin;
            } else {
                text.push(' ');
            }
        }
        column += name.len() + 2;
        text.push_str(&name);
    }
    text.push(')');
    text
}
