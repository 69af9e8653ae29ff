//! What an item's doc comment says, which the database keeps as its object's comment.

use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

use crate::diagnostics::Diagnostics;

/// The text of an item's `///` lines as rustdoc shows it: without the indentation that all of them share. `None` where
/// there is none, or where it comes from a macro and so is not known yet.
pub(super) fn read(attributes: &[Attribute], diagnostics: &Diagnostics) -> Option<String> {
    let parts: Vec<&LitStr> = attributes.iter().filter_map(doc).collect();
    for part in parts.iter().filter(|part| part.value().contains('\0')) {
        diagnostics.error(part, "the doc comment holds a NUL, which PostgreSQL refuses", "leave the character out");
    }
    let texts: Vec<String> = parts.iter().map(|part| without_stars(&part.value())).collect();
    let lines: Vec<&str> = texts.iter().flat_map(|text| text.split('\n')).collect();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let shared = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let text: Vec<&str> = lines.iter().map(|line| line.get(shared..).unwrap_or_default().trim_end()).collect();
    let text = text.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn doc(attribute: &Attribute) -> Option<&LitStr> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// A block comment's text without the stars that lead its lines.
fn without_stars(text: &str) -> String {
    let starred = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('*');
    if text.lines().count() < 2 || !text.lines().skip(1).all(starred) {
        return text.to_owned();
    }
    let rest = |line: &str| line.trim_start().strip_prefix('*').unwrap_or_default().to_owned();
    let first = text.lines().take(1).map(str::to_owned);
    first.chain(text.lines().skip(1).map(rest)).collect::<Vec<_>>().join("\n")
}
