//! Comments: what the models' doc comments say, kept where other readers of the database find it.

use super::super::identifier::{ident, literal, public};
use super::Target;
use super::layout::WIDTH;
use crate::schema::{EnumType, Table};

/// `COMMENT ON` a table and its columns, those that say something. A copy of the tables has none.
pub(super) fn of_table(table: &Table, target: Target<'_>) -> Vec<String> {
    if target.is_copy() {
        return Vec::new();
    }
    let name = target.name(table.name);
    let own = table.comment.map(|text| comment("TABLE", &name, text));
    let columns = table.columns.iter().filter_map(|column| {
        let name = format!("{name}.{}", ident(column.name));
        column.comment.map(|text| comment("COLUMN", &name, text))
    });
    own.into_iter().chain(columns).collect()
}

/// `COMMENT ON TYPE`, if the enum says something.
pub(super) fn of_enum(ty: &EnumType) -> Option<String> {
    ty.comment.map(|text| comment("TYPE", &public(ty.name).to_string(), text))
}

/// One comment, on a line of its own where the line would be long.
fn comment(kind: &str, name: &str, text: &str) -> String {
    let (start, text) = (format!("COMMENT ON {kind} {name} IS"), literal(text).to_string());
    let first = text.lines().next().unwrap_or_default();
    let space = if start.len() + first.len() < WIDTH { " " } else { "\n    " };
    format!("{start}{space}{text};")
}
