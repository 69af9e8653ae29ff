//! What touches every row of a table that others use: rewrites, scans, builds of indexes.

use super::super::finding::Finding;
use super::super::seen::Seen;
use super::super::world::{Column, Constraint, Index, Oid, Table};
use super::{ADDS_REQUIRED_COLUMN, BUILDS_INDEX, REWRITES_TABLE, SCANS_TABLE};

pub(super) fn judge(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (oid, before, after) in seen.kept() {
        let required = required_columns(before, after);
        findings.extend(required.iter().map(|column| adds_required(seen, oid, after, column)));
        // TRUNCATE gives a new file too, and has a rule of its own.
        let is_emptied = seen.words().first().is_some_and(|word| word == "TRUNCATE");
        if seen.rewrote(oid) && !is_emptied {
            findings.push(rewrites(seen, oid, before, after));
            continue;
        }
        if required.is_empty() && !is_emptied {
            findings.extend(scans(seen, oid, before, after));
        }
        if !is_emptied {
            findings.extend(builds(seen, oid));
        }
    }
    findings
}

fn required_columns<'a>(before: &Table, after: &'a Table) -> Vec<&'a Column> {
    let is_new = |number: &i16| !before.columns.contains_key(number);
    let columns = after.columns.iter().filter(|(number, _)| is_new(number)).map(|(_, column)| column);
    columns.filter(|column| column.is_required && !column.is_filled).collect()
}

fn adds_required(seen: &Seen<'_>, oid: Oid, table: &Table, column: &Column) -> Finding {
    let why =
        format!("the column {} is NOT NULL and has no default: it fails where {} has rows", column.name, table.name);
    let instead = format!(
        "ALTER TABLE {table} ADD COLUMN {name} {ty};\n\
         -- waygate:step backfill table={table} key=<its key> batch=1000\n\
         UPDATE {table} SET {name} = <a value> WHERE {name} IS NULL AND {{batch}};\n{required}",
        table = table.sql,
        name = column.sql,
        ty = column.ty,
        required = require(table, column),
    );
    seen.on(&ADDS_REQUIRED_COLUMN, oid, why, instead)
}

/// How a column becomes NOT NULL without a scan that others wait for.
fn require(table: &Table, column: &Column) -> String {
    let check = format!("{}_not_null", column.name);
    format!(
        "-- waygate:step tx\n\
         ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID;\n\
         -- waygate:step tx\n\
         ALTER TABLE {table} VALIDATE CONSTRAINT {check};\n\
         -- waygate:step tx\n\
         ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL;\n\
         ALTER TABLE {table} DROP CONSTRAINT {check};",
        table = table.sql,
        name = column.sql,
    )
}

fn rewrites(seen: &Seen<'_>, oid: Oid, before: &Table, after: &Table) -> Finding {
    let effect = seen.lock(oid).map_or("", |lock| lock.effect());
    let why = format!("it writes every row of {} anew{}; {effect}", before.name, seen.since(oid));
    let added = after.columns.iter().find(|(number, _)| !before.columns.contains_key(number));
    let retyped = after.columns.iter().find_map(|(number, column)| {
        before.columns.get(number).filter(|old| old.ty != column.ty).map(|old| (old, column))
    });
    let table = &after.sql;
    let instead = match (added, retyped) {
        (Some((_, column)), _) if column.is_filled => format!(
            "a default that differs from row to row, a stored or an identity column is written into every row. In parts:\n\
             ALTER TABLE {table} ADD COLUMN {name} {ty};\n\
             ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT <the default>;\n\
             -- waygate:step backfill table={table} key=<its key> batch=1000\n\
             UPDATE {table} SET {name} = <the default> WHERE {name} IS NULL AND {{batch}};",
            name = column.sql,
            ty = column.ty,
        ),
        (_, Some((old, column))) if old.ty.starts_with("timestamp") && column.ty.ends_with("with time zone") => {
            format!(
                "where the values are UTC, the server takes them as they are if the session is in UTC too:\n\
             SET LOCAL timezone = 'UTC';\n\
             ALTER TABLE {table} ALTER COLUMN {} TYPE {};",
                column.sql, column.ty
            )
        }
        (_, Some((old, column))) => format!(
            "from {was} to {ty} there is no way without a new file. A second column, in parts:\n\
             ALTER TABLE {table} ADD COLUMN {name}_new {ty};\n\
             -- waygate:step backfill table={table} key=<its key> batch=1000\n\
             UPDATE {table} SET {name}_new = {name} WHERE {name}_new IS NULL AND {{batch}};\n\
             then have the program write both, read the new one, and drop the old one with a later deploy",
            was = old.ty,
            ty = column.ty,
            name = column.name,
        ),
        _ => "there is no form that keeps the table in use: do it while nobody needs it".to_owned(),
    };
    seen.on(&REWRITES_TABLE, oid, why, instead)
}

/// Scans under a lock that others wait for.
fn scans(seen: &Seen<'_>, oid: Oid, before: &Table, after: &Table) -> Option<Finding> {
    let lock = seen.blocking(oid).filter(|_| seen.scanned().contains(&oid))?;
    let (name, since, effect) = (&before.name, seen.since(oid), lock.effect());
    let mut why = format!("it reads every row of {name}{since}; {effect}");
    let instead = if let Some(constraint) = seen.validated(oid) {
        format!(
            "give it a step of its own:\n-- waygate:step tx\nALTER TABLE {} VALIDATE CONSTRAINT {};",
            after.sql, constraint.sql
        )
    } else if let Some(key) = seen.validating(oid) {
        if let Some(parent) = seen.after.tables.get(&key.parent).filter(|_| key.parent != oid) {
            why.push_str(", nor to ");
            why.push_str(&parent.name);
        }
        in_two(after, key)
    } else {
        let is_new = |number: &u32| !seen.before.constraints.contains_key(number);
        let mut own = seen.after.constraints.iter().filter(|(_, one)| one.table == oid && one.kind == 'c');
        match (became_required(before, after), own.find(|(number, _)| is_new(number))) {
            (Some(column), _) => require(after, column),
            (None, Some((_, check))) => in_two(after, check),
            (None, None) => {
                "first prove the condition by a CHECK that is added NOT VALID and validated in a step of its own"
                    .to_owned()
            }
        }
    };
    Some(seen.on(&SCANS_TABLE, oid, why, instead))
}

fn became_required<'a>(before: &Table, after: &'a Table) -> Option<&'a Column> {
    let was_optional = |number: &i16| before.columns.get(number).is_some_and(|column| !column.is_required);
    after.columns.iter().find(|(number, column)| column.is_required && was_optional(number)).map(|(_, column)| column)
}

/// A constraint for new rows first, and for the others in a step of its own.
fn in_two(table: &Table, constraint: &Constraint) -> String {
    format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;\n\
         -- waygate:step tx\n\
         ALTER TABLE {table} VALIDATE CONSTRAINT {name};",
        table = table.sql,
        name = constraint.sql,
        definition = constraint.definition,
    )
}

/// Builds under a lock that writers wait for. A concurrent one holds none of this transaction's.
fn builds(seen: &Seen<'_>, oid: Oid) -> Vec<Finding> {
    if seen.blocking(oid).is_none() {
        return Vec::new();
    }
    let of_table = seen.after.indexes.iter().filter(|(_, index)| index.table == oid);
    let built = of_table.filter(|(number, index)| match seen.before.indexes.get(number) {
        Some(before) => before.file != index.file,
        None => true,
    });
    built.map(|(number, index)| built_index(seen, oid, index, seen.before.indexes.contains_key(number))).collect()
}

fn built_index(seen: &Seen<'_>, oid: Oid, index: &Index, is_rebuilt: bool) -> Finding {
    let (table, effect) = (seen.after.tables.get(&oid), seen.lock(oid).map_or("", |lock| lock.effect()));
    let name = table.map_or("", |table| table.name.as_str());
    let sql = table.map_or("", |table| table.sql.as_str());
    let why = format!("it builds the index {} of every row of {name}{}; {effect}", index.name, seen.since(oid));
    let concurrently = index.definition.replacen(" INDEX ", " INDEX CONCURRENTLY ", 1);
    let constraint = seen.after.constraints.values().find(|one| one.table == oid && one.name == index.name);
    let instead = if is_rebuilt {
        format!("-- waygate:step autocommit\nREINDEX INDEX CONCURRENTLY {};", index.sql)
    } else if table.is_some_and(|table| table.kind == 'p') {
        let alone = index.definition.replacen(" ON ", " ON ONLY ", 1);
        format!(
            "{alone};\nthen, for each partition, CREATE INDEX CONCURRENTLY in an autocommit step of its own, and\n\
             ALTER INDEX {} ATTACH PARTITION <the partition's index>;",
            index.sql
        )
    } else {
        match constraint.map(|one| (one, one.kind)) {
            None => format!("-- waygate:step autocommit\n{concurrently};"),
            Some((one, 'p' | 'u')) => {
                let kind = if one.kind == 'p' { "PRIMARY KEY" } else { "UNIQUE" };
                format!(
                    "-- waygate:step autocommit\n{concurrently};\n-- waygate:step tx\n\
                     ALTER TABLE {sql} ADD CONSTRAINT {name} {kind} USING INDEX {name};",
                    name = one.sql
                )
            }
            Some(_) => "an exclusion has no form that keeps the table in use: add it while nobody writes".to_owned(),
        }
    };
    seen.on(&BUILDS_INDEX, oid, why, instead)
}
