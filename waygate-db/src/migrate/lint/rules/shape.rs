//! What is made: columns of types that one comes to regret.

use super::super::finding::Finding;
use super::super::seen::Seen;
use super::super::world::{Column, Oid, Table};
use super::{JSON_TEXT, NARROW_KEY, TIMESTAMP_WITHOUT_TIME_ZONE};

pub(super) fn judge(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (oid, table) in &seen.after.tables {
        let before = seen.before.tables.get(oid);
        for (number, column) in &table.columns {
            let old = before.and_then(|table| table.columns.get(number));
            if old.is_none_or(|old| old.ty != column.ty) {
                findings.extend(column_of(seen, *oid, table, *number, column));
            }
        }
    }
    findings
}

fn column_of(seen: &Seen<'_>, oid: Oid, table: &Table, number: i16, column: &Column) -> Option<Finding> {
    let place = format!("{}.{}", table.name, column.name);
    let (rule, why, instead) = match column.ty.trim_end_matches("[]") {
        ty if ty.starts_with("timestamp") && ty.ends_with("without time zone") => (
            &TIMESTAMP_WITHOUT_TIME_ZONE,
            format!("{place} holds a clock's face and no moment: sessions of other time zones read other times"),
            format!("{} timestamptz", column.sql),
        ),
        "json" => (
            &JSON_TEXT,
            format!("{place} keeps the text as it came: it has no equality, no containment and no index"),
            format!("{} jsonb", column.sql),
        ),
        "integer" | "smallint" if is_key(seen, oid, number) => (
            &NARROW_KEY,
            format!(
                "{place} is a key that ends at {}",
                if column.ty == "integer" { "2 147 483 647" } else { "32 767" }
            ),
            format!("{} bigint, or uuid", column.sql),
        ),
        _ => return None,
    };
    Some(seen.on(rule, oid, why, instead))
}

fn is_key(seen: &Seen<'_>, oid: Oid, number: i16) -> bool {
    seen.after.constraints.values().any(|one| one.table == oid && one.kind == 'p' && one.columns == [number])
}
