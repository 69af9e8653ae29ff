//! INSERT, UPDATE and DELETE.
//!
//! No statement names a tenant column for writing: its default stamps it, and no login is granted more.

use crate::schema::{ColumnRole, Dialect, Scope, SqlType, Table};
use crate::value::{Param, TenantId};

use super::identifier::{ident, public};
use super::scope::{push_parent, push_scope};
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

/// What an insert or update writes, and what must not be there.
#[derive(Debug, Default)]
pub(crate) struct Change {
    pub(crate) values: Vec<Assignment>,
    pub(crate) guards: Vec<Guard>,
}

/// Digests that no other row may hold: a unique blind index does not see what stands under another key.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The blind index's column.
    pub(crate) column: usize,
    /// The digests, an array.
    pub(crate) digests: Param,
}

impl Change {
    /// The columns of the guards.
    pub(crate) fn guarded(&self) -> Vec<usize> {
        self.guards.iter().map(|guard| guard.column).collect()
    }

    /// Empties the plain columns whose values are being moved, of the sealed ones that are written.
    pub(crate) fn empty_plain(&mut self, table: &Table) {
        let moved_from = |(column, _): &Assignment| table.column_at(*column).encryption?.moved_from;
        let emptied: Vec<usize> = self.values.iter().filter_map(moved_from).collect();
        self.values.extend(emptied.into_iter().map(|plain| (plain, Param::null(&table.column_at(plain).ty))));
    }

    /// The value for the column that says whose a row is, where one is written.
    fn owner(&self, table: &Table) -> Option<Assignment> {
        let Scope::Through { column: through, .. } = table.scope else { return None };
        self.values.iter().find(|(column, _)| *column == through).cloned()
    }
}

/// Inserts one row and returns it. One that a guard stops is not inserted, and none is returned.
pub(crate) fn insert(table: &Table, tenant: Option<TenantId>, change: Change, on_conflict: OnConflict) -> Statement {
    let owner = change.owner(table);
    let Change { values, guards } = change;
    let mut out = Writer::new(format!("INSERT INTO {} (", public(table.name)));
    for (place, (column, _)) in values.iter().enumerate() {
        out.push(separator(place)).push(ident(table.column_at(*column).name));
    }
    out.push(if guards.is_empty() { ") VALUES (" } else { ") SELECT " });
    for (place, (column, value)) in values.into_iter().enumerate() {
        out.push(separator(place));
        push_value(&mut out, table, tenant, column, value);
    }
    if guards.is_empty() {
        out.push(")");
    }
    for (place, guard) in guards.into_iter().enumerate() {
        out.push(if place == 0 { " WHERE " } else { " AND " });
        push_guard(&mut out, table, tenant, guard);
        if let Some((column, value)) = &owner {
            out.push(" AND ").push(older(table, *column)).push(" = ").bind(value.clone(), &SqlType::Uuid);
        }
        out.push(")");
    }
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
    key: &Param,
    change: Change,
    touch: Touch,
    returning: Returning,
) -> Statement {
    let owner = change.owner(table);
    let Change { values, guards } = change;
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
    push_key(&mut out, table, tenant, key.clone());
    for guard in guards {
        out.push(" AND ");
        push_guard(&mut out, table, tenant, guard);
        out.push(" AND ").push(older(table, table.key)).push(" <> ").bind(key.clone(), &SqlType::Uuid);
        match (&owner, table.scope) {
            (Some((column, value)), _) => {
                out.push(" AND ").push(older(table, *column)).push(" = ").bind(value.clone(), &SqlType::Uuid);
            }
            (None, Scope::Through { column, .. }) => {
                let name = ident(table.column_at(column).name);
                out.push(format_args!(" AND {} = {}.{name}", older(table, column), ident(table.name)));
            }
            (None, _) => {}
        }
        out.push(")");
    }
    if returning == Returning::Row {
        out.push(" RETURNING ").push(column_list(table));
    }
    out.write(table)
}

/// Writes `NOT EXISTS (SELECT … WHERE <scope> AND digest = ANY($n)`, open for more conditions on that row.
fn push_guard(out: &mut Writer, table: &Table, tenant: Option<TenantId>, guard: Guard) {
    out.push(format_args!("NOT EXISTS (SELECT FROM {} AS {OLDER} WHERE ", public(table.name)));
    // What is unique over all rows of the tenant table is looked for in all of them.
    push_scope(out, table, tenant.filter(|_| table.scope != Scope::Key));
    out.push(" AND ").push(older(table, guard.column)).push(" = ANY(");
    out.bind(guard.digests, &SqlType::Array(&SqlType::Bytea)).push(")");
}

/// The row that a guard looks for.
const OLDER: &str = "waygate_older";

fn older(table: &Table, column: usize) -> String {
    format!("{OLDER}.{}", ident(table.column_at(column).name))
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
