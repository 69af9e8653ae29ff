//! Indexes.

use super::super::identifier::ident;
use super::Target;
use super::layout::joined;
use crate::schema::{Index, IndexColumn, IndexMethod, Table};

/// The indexes that a table's model declares.
pub(super) fn create(table: &Table, target: Target<'_>) -> Vec<String> {
    table.indexes.iter().map(|index| create_one(table, index, target)).collect()
}

/// `CREATE INDEX`, or `CREATE UNIQUE INDEX`.
fn create_one(table: &Table, index: &Index, target: Target<'_>) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method = match index.method {
        IndexMethod::Btree => "",
        IndexMethod::Gin => "USING gin ",
    };
    let columns = joined(index.columns.iter().map(|column| entry(table, column)));
    let predicate = index.predicate.map_or_else(String::new, |predicate| format!(" WHERE {predicate}"));
    let (name, on) = (ident(index.name), target.name(table.name));
    format!("CREATE {unique}INDEX {name} ON {on} {method}({columns}){predicate};")
}

fn entry(table: &Table, column: &IndexColumn) -> String {
    let order = if column.descending { " DESC" } else { "" };
    format!("{}{order}", ident(table.column_at(column.column).name))
}
