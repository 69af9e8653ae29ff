//! SELECT: rows, counts, existence and pages.

use crate::schema::{SqlType, Table};
use crate::value::{Param, TenantId};

use super::identifier::{ident, public};
use super::predicate::{Node, push_predicate};
use super::scope::push_scope;
use super::statement::{Statement, Writer};
use super::types::output;

/// What is asked of one table.
#[derive(Debug, Default)]
pub(crate) struct Select {
    pub(crate) filter: Option<Node>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<i64>,
    /// Only rows after these values of the order's columns.
    pub(crate) after: Option<Vec<Param>>,
}

/// One column of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) column: usize,
    pub(crate) descending: bool,
}

/// The struct's columns as a select list, in their order.
pub(crate) fn column_list(table: &Table) -> String {
    table.row_columns().map(output).collect::<Vec<_>>().join(", ")
}

/// Selects rows of the table.
pub(crate) fn rows(table: &Table, tenant: Option<TenantId>, select: Select) -> Statement {
    let mut out = Writer::new(format!("SELECT {} FROM {}", column_list(table), public(table.name)));
    let Select { filter, order, limit, after } = select;
    push_where(&mut out, table, tenant, filter);
    if let Some(values) = after {
        out.push(" AND ");
        push_after(&mut out, table, &order, values);
    }
    push_order(&mut out, table, &order);
    if let Some(limit) = limit {
        out.push(" LIMIT ").bind(int8(limit), &SqlType::Int8);
    }
    out.read(table)
}

/// Counts rows of the table.
pub(crate) fn count(table: &Table, tenant: Option<TenantId>, filter: Option<Node>) -> Statement {
    let mut out = Writer::new(format!("SELECT count(*) FROM {}", public(table.name)));
    push_where(&mut out, table, tenant, filter);
    out.read(table)
}

/// Asks whether any row is there.
pub(crate) fn exists(table: &Table, tenant: Option<TenantId>, filter: Option<Node>) -> Statement {
    let mut out = Writer::new(format!("SELECT EXISTS (SELECT FROM {}", public(table.name)));
    push_where(&mut out, table, tenant, filter);
    out.push(")");
    out.read(table)
}

/// Selects the row with this key.
pub(crate) fn by_key(table: &Table, tenant: Option<TenantId>, key: Param) -> Statement {
    let mut out = Writer::new(format!("SELECT {} FROM {} WHERE ", column_list(table), public(table.name)));
    push_key(&mut out, table, tenant, key);
    out.read(table)
}

/// Writes `key = $n AND <scope>`.
pub(super) fn push_key(out: &mut Writer, table: &Table, tenant: Option<TenantId>, key: Param) {
    let column = table.key_column();
    out.push(ident(column.name)).push(" = ").bind(key, &column.ty).push(" AND ");
    push_scope(out, table, tenant);
}

fn push_where(out: &mut Writer, table: &Table, tenant: Option<TenantId>, filter: Option<Node>) {
    out.push(" WHERE ");
    push_scope(out, table, tenant);
    if let Some(filter) = filter {
        out.push(" AND ");
        push_predicate(out, table, filter);
    }
}

fn push_order(out: &mut Writer, table: &Table, order: &[Order]) {
    for (place, Order { column, descending }) in order.iter().enumerate() {
        out.push(if place == 0 { " ORDER BY " } else { ", " });
        // Qualified: a bare name would be the select list's, where an enum is a text and sorts as one.
        out.push(ident(table.name)).push(".").push(ident(table.column_at(*column).name));
        if *descending {
            out.push(" DESC");
        }
    }
}

/// Writes the condition for rows after `values`.
///
/// Columns of one direction are compared as a row, `(a, b) > ($1, $2)`, which an index answers from the right place.
/// Mixed directions have no row comparison: `a > $1 OR (a = $1 AND b < $2)`, with `a >= $1` before it for the index.
fn push_after(out: &mut Writer, table: &Table, order: &[Order], values: Vec<Param>) {
    let uniform = order.windows(2).all(|pair| matches!(pair, [one, two] if one.descending == two.descending));
    if uniform {
        push_row_after(out, table, order, values);
    } else {
        push_mixed_after(out, table, order, &values);
    }
}

fn push_row_after(out: &mut Writer, table: &Table, order: &[Order], values: Vec<Param>) {
    let names: Vec<_> = order.iter().map(|order| ident(table.column_at(order.column).name).to_string()).collect();
    let descending = order.first().is_some_and(|order| order.descending);
    out.push(format_args!("({}) {} (", names.join(", "), if descending { "<" } else { ">" }));
    for (place, (value, order)) in values.into_iter().zip(order).enumerate() {
        if place > 0 {
            out.push(", ");
        }
        out.bind(value, &table.column_at(order.column).ty);
    }
    out.push(")");
}

fn push_mixed_after(out: &mut Writer, table: &Table, order: &[Order], values: &[Param]) {
    let compare = |out: &mut Writer, place: usize, operator: &str| {
        if let (Some(order), Some(value)) = (order.get(place), values.get(place)) {
            let column = table.column_at(order.column);
            out.push(ident(column.name)).push(operator).bind(value.clone(), &column.ty);
        }
    };
    let beyond = |place: usize, or_equal: bool| match (order.get(place).is_some_and(|o| o.descending), or_equal) {
        (true, true) => " <= ",
        (true, false) => " < ",
        (false, true) => " >= ",
        (false, false) => " > ",
    };
    compare(out, 0, beyond(0, true));
    out.push(" AND (");
    for last in 0..order.len() {
        out.push(if last == 0 { "(" } else { " OR (" });
        for place in 0..last {
            compare(out, place, " = ");
            out.push(" AND ");
        }
        compare(out, last, beyond(last, false));
        out.push(")");
    }
    out.push(")");
}

fn int8(number: i64) -> Param {
    Param::raw(postgres_types::Type::INT8, number.to_be_bytes().as_slice())
}
