//! Sealed cells as bytes: counted by their keys, read in the order of their rows, and swapped for others.
//!
//! A cell names its data key at a fixed place, so the server counts and chooses cells without opening any.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::error::Result;
use crate::schema::{Column, Scope, SqlType, Table};
use crate::value::Param;

use super::identifier::{Ident, ident, public};
use super::statement::{Statement, Writer};

/// The keys that cells may stay under: what is sealed is sealed under the active ones, and what was destroyed is gone.
const SETTLED: &str = "(SELECT key_id FROM waygate.data_keys WHERE state IN ('active', 'destroyed'))";

/// Which rows of a table are read, by the place of their key.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Range {
    /// Only rows after this one.
    pub(crate) after: Option<Uuid>,
    /// Only rows up to this one.
    pub(crate) up_to: Option<Uuid>,
    /// Only rows of this tenant.
    pub(crate) tenant: Option<Uuid>,
}

/// Which rows of a range are read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    /// Those with a cell under a key that is neither active nor destroyed.
    Stale,
    /// Those with a cell, or such a share of them, drawn at random.
    Sealed(Option<f64>),
}

/// The bytes of a cell that name its data key.
fn key_of(column: &Column) -> String {
    format!("substring({} FROM 5 FOR 16)", ident(column.name))
}

/// How many cells of a column each data key has sealed.
pub(crate) fn key_counts(table: &Table, column: usize) -> Statement {
    let column = table.column_at(column);
    let (key, name, table) = (key_of(column), ident(column.name), public(table.name));
    Statement::read(format!("SELECT {key}, count(*) FROM {table} WHERE {name} IS NOT NULL GROUP BY 1"), Vec::new())
}

/// The rows' keys, tenants and sealed cells, in the order of the keys.
pub(crate) fn cells(table: &Table, columns: &[usize], wanted: Wanted, range: Range, limit: i64) -> Result<Statement> {
    let key = ident(table.key_column().name);
    let tenant = match tenant_column(table) {
        Some(tenant) => ident(tenant.name).to_string(),
        None => "NULL::uuid".to_owned(),
    };
    let mut out = Writer::new(format!("SELECT {key}, {tenant}"));
    for column in columns {
        out.push(format_args!(", {}::bytea", ident(table.column_at(*column).name)));
    }
    push_rows(&mut out, table, columns, wanted, range)?;
    out.push(format_args!(" ORDER BY {key} LIMIT ")).bind(Param::of(&limit)?, &SqlType::Int8);
    Ok(out.read(table))
}

/// How many rows have a cell under a key that is neither active nor destroyed.
pub(crate) fn stale_count(table: &Table, columns: &[usize], range: Range) -> Result<Statement> {
    let mut out = Writer::new("SELECT count(*)");
    push_rows(&mut out, table, columns, Wanted::Stale, range)?;
    Ok(out.read(table))
}

/// Every `step`th key of such rows. Counted, because keys that were made in the order of time lie close together.
pub(crate) fn stale_bounds(table: &Table, columns: &[usize], range: Range, step: i64) -> Result<Statement> {
    let key = ident(table.key_column().name);
    let mut out = Writer::new(format!("SELECT key FROM (SELECT {key}, row_number() OVER (ORDER BY {key})"));
    push_rows(&mut out, table, columns, Wanted::Stale, range)?;
    out.push(") AS numbered (key, number) WHERE number % ").bind(Param::of(&step)?, &SqlType::Int8);
    out.push(" = 0 ORDER BY number");
    Ok(out.read(table))
}

/// Writes the table and the conditions of the rows that are wanted.
fn push_rows(out: &mut Writer, table: &Table, columns: &[usize], wanted: Wanted, range: Range) -> Result<()> {
    let (own_tenant, key) = (tenant_column(table).or_else(|| own_key(table)), ident(table.key_column().name));
    let any = |condition: &dyn Fn(&Column) -> String| {
        let each: Vec<String> = columns.iter().map(|column| condition(table.column_at(*column))).collect();
        format!("({})", each.join(" OR "))
    };
    out.push(format_args!(" FROM {} WHERE ", public(table.name)));
    match wanted {
        Wanted::Stale => out.push(any(&|column| format!("{} NOT IN {SETTLED}", key_of(column)))),
        Wanted::Sealed(_) => out.push(any(&|column| format!("{} IS NOT NULL", ident(column.name)))),
    };
    if let Wanted::Sealed(Some(share)) = wanted {
        out.push(" AND random() < ").bind(Param::of(&share)?, &SqlType::Float8);
    }
    for (bound, operator) in [(range.after, " > "), (range.up_to, " <= ")] {
        if let Some(bound) = bound {
            out.push(format_args!(" AND {key}{operator}")).bind(Param::of(&bound)?, &SqlType::Uuid);
        }
    }
    match (range.tenant, own_tenant) {
        (Some(tenant), Some(column)) => {
            out.push(format_args!(" AND {} = ", ident(column.name))).bind(Param::of(&tenant)?, &SqlType::Uuid);
        }
        // The row does not say whose it is; the keys of its cells do.
        (Some(tenant), None) => {
            out.push(" AND EXISTS (SELECT FROM waygate.data_keys AS held WHERE held.scope = ");
            out.bind(Param::of(&tenant.to_string())?, &SqlType::Text);
            out.push(format_args!(" AND {})", any(&|column| format!("held.key_id = {}", key_of(column)))));
        }
        (None, _) => {}
    }
    Ok(())
}

/// The column that names the row's tenant beside its key.
fn tenant_column(table: &Table) -> Option<&'static Column> {
    match table.scope {
        Scope::Column(column) => Some(table.column_at(column)),
        Scope::Shared | Scope::Key | Scope::Through { .. } => None,
    }
}

/// The key, where it is the tenant.
fn own_key(table: &Table) -> Option<&'static Column> {
    (table.scope == Scope::Key).then(|| table.key_column())
}

/// Cells to write in place of others, row by row.
#[derive(Debug, Default)]
pub(crate) struct Swap {
    pub(crate) keys: Vec<Uuid>,
    /// The rows' tenants, where the table has a column for them.
    pub(crate) tenants: Vec<Uuid>,
    /// The cells of each sealed column.
    pub(crate) columns: Vec<Cells>,
}

/// The cells of one column that were read, and those to write; an empty one stands for NULL.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub(crate) old: Vec<Vec<u8>>,
    pub(crate) new: Vec<Vec<u8>>,
}

/// Writes all sealed cells of each row at once, unless any of them is another than the one that was read.
pub(crate) fn swap(table: &Table, columns: &[usize], swap: &Swap) -> Result<Statement> {
    let name = |column: &usize| ident(table.column_at(*column).name);
    let assignments: Vec<String> =
        columns.iter().enumerate().map(|(n, column)| format!("{} = nullif(new_{n}, '')", name(column))).collect();
    let mut params = vec![Param::of(&swap.keys)?];
    let (mut arrays, mut names) = ("$1::uuid[]".to_owned(), "row_key".to_owned());
    let mut conditions = vec![format!("kept.{} = row_key", ident(table.key_column().name))];
    if let Some(tenant) = tenant_column(table) {
        params.push(Param::of(&swap.tenants)?);
        arrays.push_str(", $2::uuid[]");
        names.push_str(", row_tenant");
        // For a cluster, which finds the row by it.
        conditions.push(format!("kept.{} = row_tenant", ident(tenant.name)));
    }
    for (n, (column, cells)) in columns.iter().zip(&swap.columns).enumerate() {
        params.extend([Param::of(&cells.old)?, Param::of(&cells.new)?]);
        // Writing to a String cannot fail.
        let _ = write!(arrays, ", ${}::bytea[], ${}::bytea[]", params.len() - 1, params.len());
        let _ = write!(names, ", old_{n}, new_{n}");
        conditions.push(format!("kept.{} IS NOT DISTINCT FROM nullif(old_{n}, '')", name(column)));
    }
    let text = format!(
        "UPDATE {} AS kept SET {} FROM unnest({arrays}) AS swapped ({names}) WHERE {}",
        public(table.name),
        assignments.join(", "),
        conditions.join(" AND ")
    );
    Ok(Statement::write(text, params))
}

/// Lets go of quarantined cells that have gone, or were written anew.
pub(crate) fn release(table: &'static Table, column: usize) -> Result<Statement> {
    let cell = table.column_at(column);
    let text = format!(
        "DELETE FROM waygate.quarantine AS held WHERE held.table_name = $1 AND held.column_name = $2
         AND NOT EXISTS (SELECT FROM {} WHERE {} = held.row_key AND {} NOT IN {SETTLED})",
        public(table.name),
        ident(table.key_column().name),
        key_of(cell)
    );
    Ok(Statement::write(text, vec![Param::of(&table.name.to_owned())?, Param::of(&cell.name.to_owned())?]))
}

/// Holds off whoever writes to these tables, until the transaction ends.
pub(crate) fn hold_writers(tables: &[&'static Table]) -> Statement {
    let names: Vec<String> = tables.iter().map(|table| public(table.name).to_string()).collect();
    Statement::write(format!("LOCK TABLE {} IN SHARE MODE", names.join(", ")), Vec::new())
}

/// The keys of all rows of a table: of the tenant table, the tenants.
pub(crate) fn all_keys(table: &Table) -> Statement {
    let key: Ident<'_> = ident(table.key_column().name);
    Statement::read(format!("SELECT {key} FROM {} ORDER BY {key}", public(table.name)), Vec::new())
}
