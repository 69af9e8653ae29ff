//! Tables and their columns.

use super::super::identifier::{ident, literal};
use super::Target;
use super::foreign_keys::Reference;
use super::keys;
use crate::schema::{Column, DefaultValue, SqlType, Table};

/// `CREATE TABLE` with its columns, keys and these references.
pub(super) fn create(table: &Table, references: &[Reference], target: Target<'_>) -> String {
    let columns = columns(table, target);
    let keys = keys::constraints(table, target);
    let references = references.iter().map(|key| key.constraint(target));
    let lines: Vec<String> = columns.into_iter().chain(keys).chain(references).collect();
    format!("CREATE TABLE {} (\n    {}\n);", target.name(table.name), lines.join(",\n    "))
}

/// `ALTER TABLE` for the columns that are stored apart and uncompressed: ciphertext does not compress, and a row is
/// read without it.
pub(super) fn storage(table: &Table, target: Target<'_>) -> Option<String> {
    let sealed = table.columns.iter().filter(|column| matches!(column.ty, SqlType::Encrypted));
    let changes: Vec<String> =
        sealed.map(|column| format!("    ALTER COLUMN {} SET STORAGE EXTERNAL", ident(column.name))).collect();
    (!changes.is_empty()).then(|| format!("ALTER TABLE {}\n{};", target.name(table.name), changes.join(",\n")))
}

/// The columns' definitions, their types and constraints one below the other.
fn columns(table: &Table, target: Target<'_>) -> Vec<String> {
    let parts: Vec<(String, String, String)> = table
        .columns
        .iter()
        .map(|column| (ident(column.name).to_string(), column.ty.to_string(), constraints(column, target)))
        .collect();
    let name_width = parts.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
    let type_width = parts.iter().map(|(_, ty, _)| ty.len()).max().unwrap_or_default();
    parts
        .into_iter()
        .map(|(name, ty, constraints)| {
            format!("{name:name_width$} {ty:type_width$} {constraints}").trim_end().to_owned()
        })
        .collect()
}

fn constraints(column: &Column, target: Target<'_>) -> String {
    let not_null = (!column.nullable).then(|| "NOT NULL".to_owned());
    let default = default(column, target).map(|expression| format!("DEFAULT {expression}"));
    [not_null, default].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The expression that fills a column which an insert leaves out.
pub(crate) fn default(column: &Column, target: Target<'_>) -> Option<String> {
    match column.default {
        DefaultValue::None => None,
        DefaultValue::Empty => empty(&column.ty).map(str::to_owned),
        DefaultValue::Bool(value) => Some(value.to_string()),
        DefaultValue::Integer(value) => Some(value.to_string()),
        DefaultValue::Text(text) | DefaultValue::Label(text) => Some(literal(text).to_string()),
        DefaultValue::Now => Some("now()".to_owned()),
        DefaultValue::RandomUuid => Some("gen_random_uuid()".to_owned()),
        DefaultValue::Tenant => Some(target.tenant_default()),
        // In parentheses, because DEFAULT takes only part of the grammar of expressions without.
        DefaultValue::Sql(expression) => Some(format!("({expression})")),
    }
}

/// The empty value of a type that has one.
fn empty(ty: &SqlType) -> Option<&'static str> {
    match ty {
        SqlType::Bool => Some("false"),
        SqlType::Int2 | SqlType::Int4 | SqlType::Int8 | SqlType::Float4 | SqlType::Float8 => Some("0"),
        SqlType::Text | SqlType::Varchar(_) | SqlType::Bytea => Some("''"),
        SqlType::Jsonb | SqlType::Array(_) => Some("'{}'"),
        SqlType::Uuid
        | SqlType::Date
        | SqlType::Timestamptz
        | SqlType::Enum(_)
        | SqlType::Encrypted
        | SqlType::Named(_) => None,
    }
}
