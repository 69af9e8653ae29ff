//! Where lines are broken.

/// The widest line.
pub(super) const WIDTH: usize = 100;
/// The widest list of an attribute's words on one line.
const WORDS: usize = 70;
/// The widest list between brackets on one line.
const ELEMENTS: usize = 60;
/// The longest name of which several stand on a line of a broken list between brackets.
const SHORT: usize = 10;

/// A word of `#[model(…)]`, with what stands in its parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pull) struct Word {
    text: String,
    inside: Vec<Word>,
}

impl Word {
    /// A word without parentheses: `key`, `max_len = 255`.
    pub(in crate::pull) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), inside: Vec::new() }
    }

    /// A word with these in its parentheses, and without parentheses where there are none.
    pub(in crate::pull) fn list(text: impl Into<String>, inside: impl IntoIterator<Item = Self>) -> Self {
        Self { text: text.into(), inside: inside.into_iter().collect() }
    }

    /// Whether it is this word, whatever its value.
    pub(in crate::pull) fn is(&self, word: &str) -> bool {
        self.text.split(' ').next() == Some(word)
    }

    /// Whether it, or a word inside, names this type.
    pub(super) fn mentions(&self, name: &str) -> bool {
        // A text in quotes names nothing.
        let code = self.text.split('"').next().unwrap_or_default();
        crate::pull::model::mentions(code, name) || self.inside.iter().any(|word| word.mentions(name))
    }

    fn one_line(&self) -> String {
        if self.inside.is_empty() { self.text.clone() } else { format!("{}({})", self.text, joined(&self.inside)) }
    }

    fn lines(&self, indent: usize) -> String {
        if self.inside.is_empty() { self.text.clone() } else { parenthesized(&self.text, &self.inside, indent, 1) }
    }
}

/// `#[model(…)]` with these words, so far from the margin.
pub(super) fn attribute(words: &[Word], indent: usize) -> String {
    let open = " ".repeat(indent);
    format!("{open}{}]\n", parenthesized("#[model", words, indent, 1))
}

/// The words behind `head`, on one line or on one each; so much follows on the last line.
fn parenthesized(head: &str, words: &[Word], indent: usize, behind: usize) -> String {
    let one = joined(words);
    let width = one.chars().count();
    if width <= WORDS && indent + head.chars().count() + width + 2 + behind <= WIDTH {
        return format!("{head}({one})");
    }
    if let [Word { text, inside }] = words
        && !inside.is_empty()
    {
        return format!("{})", parenthesized(&format!("{head}({text}"), inside, indent, behind + 1));
    }
    let inner = " ".repeat(indent + 4);
    let lines: Vec<String> = words.iter().map(|word| format!("{inner}{}", word.lines(indent + 4))).collect();
    format!("{head}(\n{}\n{})", lines.join(",\n"), " ".repeat(indent))
}

fn joined(words: &[Word]) -> String {
    words.iter().map(Word::one_line).collect::<Vec<_>>().join(", ")
}

/// `use path::{names};`, its names in order, broken where the line would be long.
pub(super) fn import(path: &str, names: &[&str]) -> String {
    let mut names = names.to_vec();
    names.sort_unstable();
    match names.as_slice() {
        [] => String::new(),
        [name] => format!("use {path}::{name};\n"),
        names => {
            let one = format!("use {path}::{{{}}};\n", names.join(", "));
            if one.trim_end().chars().count() <= WIDTH {
                return one;
            }
            format!("use {path}::{{\n{}}};\n", filled(names))
        }
    }
}

/// `head[elements];`, broken as rustfmt breaks an array.
pub(super) fn array(head: &str, elements: &[&str]) -> String {
    let one = elements.join(", ");
    let width = one.chars().count();
    if width <= ELEMENTS && head.chars().count() + width + 3 <= WIDTH {
        return format!("{head}[{one}];\n");
    }
    if elements.iter().all(|element| element.chars().count() <= SHORT) {
        return format!("{head}[\n{}];\n", filled(elements));
    }
    let lines: Vec<String> = elements.iter().map(|element| format!("    {element},\n")).collect();
    let lines = lines.concat();
    format!("{head}[\n{lines}];\n")
}

/// The names, as many on a line as there is room for.
fn filled(names: &[&str]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for name in names {
        let width = name.chars().count() + 1;
        if column == 0 {
            text.push_str("    ");
            column = 4;
        } else if column + 1 + width > WIDTH {
            text.push_str("\n    ");
            column = 4;
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(name);
        text.push(',');
        column += width;
    }
    text + "\n"
}
