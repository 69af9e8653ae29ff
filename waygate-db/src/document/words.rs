//! What diagrams and dictionary say of a table and its columns.

use crate::schema::{Scope, SqlType, Table};

/// Whose rows a table holds, in few words.
pub(super) fn scope(table: &Table) -> String {
    match table.scope {
        Scope::Shared => "shared by all tenants".to_owned(),
        Scope::Key => "each row is a tenant".to_owned(),
        Scope::Column(tenant) => format!("tenant in {}", table.column_at(tenant).name),
        Scope::Through { column, .. } => format!("tenant through {}", table.column_at(column).name),
    }
}

/// A type without the schema that all of the models' own are in.
pub(super) fn short_type(ty: &SqlType) -> String {
    match ty {
        SqlType::Encrypted => "encrypted".to_owned(),
        SqlType::Enum(ty) => ty.name.to_owned(),
        SqlType::Array(element) => format!("{}[]", short_type(element)),
        ty => ty.to_string(),
    }
}

/// The first paragraph of a comment, as one line.
pub(super) fn first_paragraph(comment: &str) -> String {
    let first = comment.split("\n\n").next().unwrap_or_default();
    first.split_whitespace().collect::<Vec<_>>().join(" ")
}
