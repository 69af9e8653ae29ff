//! DDL, taken apart.

/// The statements of a text, without comments and their last semicolons.
pub(super) fn statements(ddl: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut text = String::new();
    for line in ddl.lines().filter(|line| !line.starts_with("--") && !line.is_empty()) {
        text.push_str(line);
        text.push('\n');
        let is_in_body = text.matches("$$").count() % 2 == 1;
        if line.ends_with(';') && !is_in_body {
            statements.push(text.trim_end().trim_end_matches(';').to_owned());
            text.clear();
        }
    }
    assert!(text.is_empty(), "the text ends in the middle of {text}");
    statements
}

/// The names between the first parenthesis after `before` and its end.
pub(super) fn list_after(text: &str, before: &str) -> Option<Vec<String>> {
    let rest = &text[text.find(before)? + before.len()..];
    let inner = rest.trim_start().strip_prefix('(')?.split(')').next()?;
    Some(inner.split(',').map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}
