//! The diagram as text for Mermaid: an `erDiagram`.

use super::escape::{mermaid, mermaid_word};
use super::relation::{Relation, marks, relations};
use super::words::{first_paragraph, scope, short_type};
use crate::schema::{Schema, Table};

/// Words that Mermaid reads as its own where a table's name is expected.
const KEYWORDS: &[&str] = &[
    "accDescr",
    "accTitle",
    "class",
    "classDef",
    "direction",
    "erDiagram",
    "many",
    "one",
    "only",
    "optionally",
    "style",
    "title",
    "to",
    "u",
    "zero",
];

/// The whole text.
pub(super) fn draw(schema: &Schema) -> String {
    let mut lines = vec![
        "erDiagram".to_owned(),
        "    accTitle: The tables and their references".to_owned(),
        "    accDescr: Each table with its columns, and a line from each parent to its children".to_owned(),
    ];
    lines.extend(schema.tables().flat_map(table));
    lines.extend(schema.tables().flat_map(relations).map(|relation| line(&relation)));
    lines.join("\n") + "\n"
}

/// A table with its columns.
fn table(table: &'static Table) -> Vec<String> {
    let head = format!("    {}[\"{} ({})\"] {{", name(table), mermaid(table.name), mermaid(&scope(table)));
    let columns = table.columns.iter().enumerate().map(|(place, column)| {
        let marks = marks(table, place).join(", ");
        let comment = column.comment.map(|text| format!(" \"{}\"", mermaid(&first_paragraph(text))));
        let space = if marks.is_empty() { "" } else { " " };
        let (ty, name) = (mermaid_word(&short_type(&column.ty)), mermaid_word(column.name));
        format!("        {ty} {name}{space}{marks}{}", comment.unwrap_or_default())
    });
    [head].into_iter().chain(columns).chain(["    }".to_owned()]).collect()
}

/// A reference: how many parents a child has, then how many children a parent, and by which column.
fn line(relation: &Relation) -> String {
    let parents = if relation.is_optional { "|o" } else { "||" };
    let children = if relation.is_single { "o|" } else { "o{" };
    // A child that cannot be without its parent is drawn with a whole line.
    let stroke = if relation.is_optional { ".." } else { "--" };
    let label = mermaid(relation.child.column_at(relation.column).name);
    format!("    {} {parents}{stroke}{children} {} : \"{label}\"", name(relation.parent), name(relation.child))
}

/// A table's name, in quotes where Mermaid would not take it bare.
fn name(table: &Table) -> String {
    let is_bare = table.name.starts_with(|char: char| char.is_ascii_alphabetic())
        && table.name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
        && !KEYWORDS.contains(&table.name);
    if is_bare { table.name.to_owned() } else { format!("\"{}\"", mermaid(table.name)) }
}
