//! Rows made up from the models' metadata.

use super::keys::{Keys, Who};
use crate::schema::{Column, ColumnRole, Scope, SqlType, Table};
use crate::sql::ddl::Target;
use crate::sql::identifier::{ident, literal};

/// What a row is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values {
    /// Whose key it has.
    pub(super) key: Who,
    /// Whose parents.
    pub(super) parents: Who,
    /// In whose name the other columns are written; two rows of one name hold the same values.
    pub(super) data: Who,
}

impl Values {
    /// A tenant's own row.
    pub(super) const fn of(who: Who) -> Self {
        Self { key: who, parents: who, data: who }
    }
}

/// `INSERT` of a row, without the tenant, which the column's default stamps.
pub(super) fn insert(table: &Table, target: Target<'_>, keys: Keys, values: Values) -> String {
    insert_cells(table, target, cells(table, keys, values))
}

/// `INSERT` of these cells.
pub(super) fn insert_cells(table: &Table, target: Target<'_>, cells: Vec<(&Column, String)>) -> String {
    let (columns, values): (Vec<String>, Vec<String>) =
        cells.into_iter().map(|(column, value)| (ident(column.name).to_string(), value)).unzip();
    format!("INSERT INTO {} ({}) VALUES ({})", target.name(table.name), columns.join(", "), values.join(", "))
}

/// The columns that an insert names, each with its value.
pub(super) fn cells(table: &Table, keys: Keys, values: Values) -> Vec<(&'static Column, String)> {
    let columns = table.columns.iter().enumerate();
    columns.filter_map(|(index, column)| Some((column, cell(table, index, column, keys, values)?))).collect()
}

/// A column's value; nothing where the insert leaves it out.
fn cell(table: &Table, index: usize, column: &Column, keys: Keys, values: Values) -> Option<String> {
    if index == table.key {
        return Some(format!("'{}'", keys.row(table, values.key)));
    }
    if !matches!(column.role, ColumnRole::Data | ColumnRole::BlindIndex(_)) {
        return None;
    }
    if let Some(parent) = parent_of(table, index) {
        return Some(format!("'{}'", keys.row(parent, of_parent(parent, values.parents))));
    }
    (!column.is_optional_on_insert()).then(|| generated(&column.ty, keys, values.data))
}

/// The table that a column refers to, if the row can name a row of it: an optional owner and a parent that only comes
/// later are left out.
pub(super) fn parent_of(table: &Table, index: usize) -> Option<&'static Table> {
    if matches!(table.scope, Scope::Through { owner: Some(owner), .. } if owner == index) {
        return None;
    }
    let parent = (table.foreign_key(index)?.parent)();
    let itself = parent.name == table.name && table.column_at(index).nullable;
    (!itself).then_some(parent)
}

/// Whose row of the parent's a row refers to: reference data is there once.
pub(super) fn of_parent(parent: &Table, who: Who) -> Who {
    match (parent.scope, who) {
        (Scope::Shared, Who::B) => Who::A,
        _ => who,
    }
}

/// A value of this type, other for each tenant where the type holds enough of them.
fn generated(ty: &SqlType, keys: Keys, who: Who) -> String {
    let number = keys.number(who);
    match ty {
        SqlType::Bool => "false".to_owned(),
        SqlType::Int2 | SqlType::Int4 | SqlType::Int8 | SqlType::Float4 | SqlType::Float8 => number.to_string(),
        SqlType::Text => literal(&keys.name(who)).to_string(),
        SqlType::Varchar(length) => literal(&tail(&keys.name(who), *length)).to_string(),
        SqlType::Bytea => format!("'\\x{number:08x}'"),
        SqlType::Uuid => format!("'{}'", keys.tenant(who)),
        SqlType::Date => format!("date '2000-01-01' + {number}"),
        SqlType::Timestamptz => format!("timestamptz '2000-01-01 00:00:00Z' + interval '{number} seconds'"),
        SqlType::Jsonb | SqlType::Array(_) => "'{}'".to_owned(),
        SqlType::Enum(ty) => ty.labels.first().map_or("NULL".to_owned(), |label| literal(label).to_string()),
        // As long as an empty value sealed: magic, suite, key id, nonce and tag.
        SqlType::Encrypted => format!("'\\xf901{number:092x}'"),
        SqlType::Named(name) => named(name, number),
    }
}

/// A value of a type that only the server knows; most take a number.
fn named(name: &str, number: u32) -> String {
    let [high, low] = [number >> 8, number & 0xff];
    match name.split(['(', ' ']).next().unwrap_or_default() {
        "inet" | "cidr" => format!("'10.{}.{low}.1'", high & 0xff),
        "interval" => format!("'{number} seconds'"),
        "time" | "timetz" => format!("time '00:00' + interval '{number} seconds'"),
        "timestamp" => format!("timestamp '2000-01-01' + interval '{number} seconds'"),
        "json" => "'{}'".to_owned(),
        _ => format!("'{number}'"),
    }
}

/// The end of a text, which differs from tenant to tenant.
fn tail(text: &str, length: u32) -> String {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    text.chars().skip(text.chars().count().saturating_sub(length)).collect()
}

impl Keys {
    /// The condition that the library itself adds to a tenant's statements.
    pub(in crate::audit) fn condition(self, table: &Table, who: Who, target: Target<'_>) -> String {
        let tenant = self.tenant(who);
        match table.scope {
            Scope::Shared => "true".to_owned(),
            Scope::Key => format!("{} = '{tenant}'", ident(table.key_column().name)),
            Scope::Column(column) => format!("{} = '{tenant}'", ident(table.column_at(column).name)),
            Scope::Through { column, .. } => {
                let Some(parent) = table.foreign_key(column).map(|key| (key.parent)()) else {
                    return "false".to_owned();
                };
                format!(
                    "{} IN (SELECT {} FROM {} WHERE {}) AND '{tenant}' = {}",
                    ident(table.column_at(column).name),
                    ident(parent.key_column().name),
                    target.name(parent.name),
                    self.condition(parent, who, target),
                    target.tenant_default(),
                )
            }
        }
    }
}
