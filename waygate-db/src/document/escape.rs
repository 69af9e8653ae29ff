//! Users' texts inside markup: names and comments that stay texts whatever they hold.

/// A text in XML, between tags or in quotes.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML has no way to write these at all.
            char if is_no_xml(char) => out.push('\u{fffd}'),
            char => out.push(char),
        }
    }
    out
}

fn is_no_xml(char: char) -> bool {
    (char.is_control() && !matches!(char, '\t' | '\n' | '\r')) || matches!(char, '\u{fffe}' | '\u{ffff}')
}

/// A text between Mermaid's quotes, on one line: what could end the quotes or be HTML becomes an entity of Mermaid's.
pub(super) fn mermaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '#' => out.push_str("#35;"),
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '%' => out.push_str("#37;"),
            '\\' => out.push_str("#92;"),
            '`' => out.push_str("#96;"),
            char if char.is_control() => out.push(' '),
            char => out.push(char),
        }
    }
    out
}

/// A text as Mermaid's one word: what no word may hold becomes `_`.
pub(super) fn mermaid_word(text: &str) -> String {
    let is_letter = |char: char| char.is_ascii_alphabetic() || char == '_' || ('\u{c0}'..='\u{ffff}').contains(&char);
    let holds = |char: char| is_letter(char) || char.is_ascii_digit() || "-[]()".contains(char);
    let word: String = text.chars().map(|char| if holds(char) { char } else { '_' }).collect();
    if word.starts_with(is_letter) { word } else { format!("_{word}") }
}

/// A text in Markdown, on one line. Code between back quotes stays code; all else that Markdown or HTML would take for
/// its own is escaped.
pub(super) fn markdown(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // A back quote without its twin begins no code.
    let has_code = parts.len() % 2 == 1;
    let escape = |(place, part): (usize, &str)| match place % 2 {
        1 if has_code && !part.trim().is_empty() => markdown_code(part),
        1 if has_code => format!("\\`{part}\\`"),
        0 if has_code || place == 0 => markdown_plain(part),
        _ => format!("\\`{}", markdown_plain(part)),
    };
    let out: String = parts.into_iter().enumerate().map(escape).collect();
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    if starts_a_block(&out) { format!("\\{out}") } else { out }
}

/// A name or an expression as code in Markdown.
pub(super) fn markdown_code(text: &str) -> String {
    let text = text.replace(|char: char| char.is_control(), " ");
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

fn markdown_plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(char);
            }
            char => out.push(char),
        }
    }
    out
}

/// A row of a table in Markdown, of cells that are Markdown already: a bar would end its cell, in code too.
pub(super) fn markdown_row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |", cells.join(" | "))
}

/// Whether a line would begin a list or a rule.
fn starts_a_block(line: &str) -> bool {
    let digits = line.trim_start_matches(|char: char| char.is_ascii_digit());
    line.starts_with(['-', '+', '=']) || (digits.len() < line.len() && digits.starts_with(['.', ')']))
}
