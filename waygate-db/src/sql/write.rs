//! INSERT, UPDATE and DELETE.
//!
//! No statement names a tenant column for writing: its default stamps it, and no login is granted more.

use crate::schema::{ColumnRole, Dialect, Scope, Table};
use crate::value::{Param, TenantId};

use super::identifier::{ident, public};
use super::scope::push_parent;
use super::select::{column_list, push_key};
use super::statement::{Candour, Statement, Writer};

#[cfg(test)]
mod tests;

/// A value for a column, by the column's place.
pub(crate) type Assignment = (usize, Param);

/// What an insert does when its row is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnConflict {
    /// Fail with a unique violation.
    Fail,
    /// Insert nothing and return no row.
    DoNothing,
}

/// Inserts one row and returns it.
pub(crate) fn insert(
    table: &Table,
    tenant: Option<TenantId>,
    values: Vec<Assignment>,
    on_conflict: OnConflict,
) -> Statement {
    let mut out = Writer::new(format!("INSERT INTO {} (", public(table.name)));
    for (place, (column, _)) in values.iter().enumerate() {
        out.push(separator(place)).push(ident(table.column_at(*column).name));
    }
    out.push(") VALUES (");
    for (place, (column, value)) in values.into_iter().enumerate() {
        out.push(separator(place));
        push_value(&mut out, table, tenant, column, value);
    }
    out.push(")");
    if on_conflict == OnConflict::DoNothing {
        out.push(" ON CONFLICT DO NOTHING");
    }
    out.push(" RETURNING ").push(column_list(table));
    out.write(table)
}

/// Changes columns of the row with this key; with `returning`, answers with the row.
pub(crate) fn update(
    table: &Table,
    tenant: Option<TenantId>,
    key: Param,
    values: Vec<Assignment>,
    touch: Touch,
    returning: Returning,
) -> Statement {
    let mut out = Writer::new(format!("UPDATE {} SET ", public(table.name)));
    for (place, (column, value)) in values.into_iter().enumerate() {
        out.push(separator(place)).push(ident(table.column_at(column).name)).push(" = ");
        push_value(&mut out, table, tenant, column, value);
    }
    if touch == Touch::InStatement {
        for column in table.columns.iter().filter(|column| column.role == ColumnRole::UpdatedAt) {
            out.push(", ").push(ident(column.name)).push(" = now()");
        }
    }
    out.push(" WHERE ");
    push_key(&mut out, table, tenant, key);
    if returning == Returning::Row {
        out.push(" RETURNING ").push(column_list(table));
    }
    out.write(table)
}

/// Who writes `updated_at` when a row is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    /// The table's trigger.
    ByTrigger,
    /// The statement, where tables have no triggers.
    InStatement,
}

impl Touch {
    /// Who does on this kind of server.
    pub(crate) const fn of(dialect: &Dialect) -> Self {
        match dialect {
            Dialect::Citus => Self::InStatement,
            Dialect::Postgres | Dialect::Sealed | Dialect::Supabase(_) => Self::ByTrigger,
        }
    }
}

/// What an update answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returning {
    /// How many rows were changed.
    Count,
    /// The changed row.
    Row,
}

/// Deletes the row with this key.
pub(crate) fn delete(table: &Table, tenant: Option<TenantId>, key: Param) -> Statement {
    let mut out = Writer::new(format!("DELETE FROM {} WHERE ", public(table.name)));
    push_key(&mut out, table, tenant, key);
    out.write(table).candid(Candour::of(table).max(Candour::Own))
}

/// Writes a value. The parent through which the row belongs to a tenant has to be that tenant's.
fn push_value(out: &mut Writer, table: &Table, tenant: Option<TenantId>, column: usize, value: Param) {
    match (table.scope, tenant, table.foreign_key(column)) {
        (Scope::Through { column: through, .. }, Some(tenant), Some(key)) if through == column => {
            push_parent(out, (key.parent)(), value, tenant);
        }
        _ => {
            out.bind(value, &table.column_at(column).ty);
        }
    }
}

fn separator(place: usize) -> &'static str {
    if place == 0 { "" } else { ", " }
}
