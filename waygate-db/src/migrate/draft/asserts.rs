//! What has to hold before a risky step, as queries that give true where it does.

use super::step::Assert;
use super::words::{named, place};
use crate::catalog::{Column, Key, Reference};
use crate::sql::identifier::{ident, literal};

/// No row of the table holds NULL there.
pub(super) fn no_nulls(column: &Key) -> Assert {
    let (table, name) = split(column);
    Assert {
        message: format!("no row has NULL in {}", place(column)),
        sql: format!("SELECT NOT EXISTS (SELECT FROM {table} WHERE {name} IS NULL)"),
    }
}

/// The table has no rows.
pub(super) fn empty(column: &Key) -> Assert {
    let (table, name) = split(column);
    Assert {
        message: format!("{table} has no rows, because {name} has no value for any"),
        sql: format!("SELECT NOT EXISTS (SELECT FROM {table})"),
    }
}

/// No two rows hold the same values. Where NULLs are told apart, rows with one are none's twin.
pub(super) fn no_duplicates(
    table: &[String],
    expressions: &[String],
    predicate: Option<&str>,
    nulls_are_equal: bool,
) -> Assert {
    let mut conditions: Vec<String> = predicate.map(|predicate| format!("({predicate})")).into_iter().collect();
    if !nulls_are_equal {
        conditions.extend(expressions.iter().map(|expression| format!("{expression} IS NOT NULL")));
    }
    let filter = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    let values = expressions.join(", ");
    let table = named(table);
    Assert {
        message: format!("no two rows of {table} have the same {values}"),
        sql: format!("SELECT NOT EXISTS (SELECT FROM {table}{filter} GROUP BY {values} HAVING count(*) > 1)"),
    }
}

/// Every row that refers to another finds it.
pub(super) fn no_orphans(table: &[String], columns: &[String], reference: &Reference) -> Assert {
    let pairs = columns.iter().zip(&reference.columns);
    let equal: Vec<String> =
        pairs.map(|(own, parents)| format!("parent.{} = child.{}", ident(parents), ident(own))).collect();
    let set: Vec<String> = columns.iter().map(|own| format!("child.{} IS NOT NULL", ident(own))).collect();
    let (child, parent) = (named(table), named(&reference.table));
    Assert {
        message: format!("every {} in {child} is in {parent}", columns.join(", ")),
        sql: format!(
            "SELECT NOT EXISTS (SELECT FROM {child} child WHERE {} AND NOT EXISTS (SELECT FROM {parent} parent WHERE {}))",
            set.join(" AND "),
            equal.join(" AND "),
        ),
    }
}

/// Every row meets a check, given as `CHECK (…)`.
pub(super) fn meets(constraint: &Key, table: &[String], definition: &str) -> Option<Assert> {
    let condition = definition.strip_prefix("CHECK ")?;
    let end = condition.rfind(')')?.checked_add(1)?;
    let condition = condition.get(..end)?;
    let table = named(table);
    Some(Assert {
        message: format!("every row of {table} meets {}", constraint.name()),
        sql: format!("SELECT NOT EXISTS (SELECT FROM {table} WHERE NOT {condition})"),
    })
}

/// No row holds one of these labels.
pub(super) fn labels_unused(column: &Key, ty: &Column, labels: &[String]) -> Assert {
    let (table, name) = split(column);
    let list = labels.iter().map(|label| literal(label).to_string()).collect::<Vec<_>>().join(", ");
    let condition = if ty.ty.ends_with("[]") {
        format!("{name}::text[] && ARRAY[{list}]")
    } else {
        format!("{name}::text IN ({list})")
    };
    Assert {
        message: format!("no row has {} in {}", labels.join(", "), place(column)),
        sql: format!("SELECT NOT EXISTS (SELECT FROM {table} WHERE {condition})"),
    }
}

/// Every value fits the column's new type.
pub(super) fn fits(column: &Key, ty: &str, condition: &str) -> Assert {
    let (table, _) = split(column);
    Assert {
        message: format!("every value of {} fits into {ty}", place(column)),
        sql: format!("SELECT NOT EXISTS (SELECT FROM {table} WHERE NOT ({condition}))"),
    }
}

/// The table and the column of a key, as SQL.
pub(super) fn split(column: &Key) -> (String, String) {
    (named(column.relation().unwrap_or_default()), ident(column.name()).to_string())
}
