//! What vanishes or gets another name, while the program that runs knows the old one.

use super::super::finding::Finding;
use super::super::seen::Seen;
use super::super::text::{begins, holds};
use super::super::world::{Index, Oid, Table};
use super::{
    DROP_CASCADE, DROPS_COLUMN, DROPS_INDEX, DROPS_SILENTLY, DROPS_TABLE, RENAMES_COLUMN, RENAMES_LABEL, RENAMES_TABLE,
};

pub(super) fn judge(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = tables(seen);
    for (oid, before, after) in seen.kept() {
        findings.extend(columns(seen, oid, before, after));
        findings.extend(indexes(seen, oid, before, after));
    }
    findings.extend(cascade(seen));
    findings.extend(label(seen));
    findings
}

fn tables(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for oid in seen.existing {
        let (Some(before), after) = (seen.before.tables.get(oid), seen.after.tables.get(oid)) else { continue };
        match after {
            None => {
                let why = format!("{} goes with its rows, and a program that still runs may ask for it", before.name);
                let instead = "first deploy the program that does without it, then drop it with a later deploy";
                findings.push(seen.on(&DROPS_TABLE, *oid, why, instead));
            }
            Some(after) if after.sql != before.sql => {
                let why = format!(
                    "{} is {} from now on, and a program that still runs asks for the old name",
                    before.name, after.name
                );
                let instead = format!(
                    "stop the program for this deploy, or keep the old name as a view until no program asks for it:\n\
                     CREATE VIEW {} WITH (security_invoker) AS SELECT * FROM {};",
                    before.sql, after.sql
                );
                findings.push(seen.on(&RENAMES_TABLE, *oid, why, instead));
            }
            Some(_) => {}
        }
    }
    findings
}

fn columns(seen: &Seen<'_>, oid: Oid, before: &Table, after: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, column) in &before.columns {
        match after.columns.get(number) {
            None => {
                let why = format!(
                    "{}.{} goes with its values, and a program that still runs may name it",
                    before.name, column.name
                );
                let instead = "first deploy the program that does without it, then drop it with a later deploy";
                findings.push(seen.on(&DROPS_COLUMN, oid, why, instead));
            }
            Some(renamed) if renamed.name != column.name => {
                let why = format!(
                    "{table}.{} is {table}.{} from now on, and a program that still runs names the old one",
                    column.name,
                    renamed.name,
                    table = before.name
                );
                let instead = format!(
                    "stop the program for this deploy, or add the new column, write both, fill it, and drop the old one later:\n\
                     ALTER TABLE {table} ADD COLUMN {new} {ty};\n\
                     -- waygate:step backfill table={table} key=<its key> batch=1000\n\
                     UPDATE {table} SET {new} = {old} WHERE {new} IS NULL AND {{batch}};",
                    table = after.sql,
                    new = renamed.sql,
                    old = column.sql,
                    ty = column.ty,
                );
                findings.push(seen.on(&RENAMES_COLUMN, oid, why, instead));
            }
            Some(_) => {}
        }
    }
    findings
}

fn indexes(seen: &Seen<'_>, oid: Oid, before: &Table, after: &Table) -> Vec<Finding> {
    let words = seen.words();
    // A concurrent rebuild puts another index of the same name in its place.
    let stays = |gone: &Index| seen.after.indexes.values().any(|one| one.sql == gone.sql);
    let own = seen.before.indexes.iter().filter(|(_, one)| one.table == oid);
    let own = own.filter(|(number, one)| !seen.after.indexes.contains_key(number) && !stays(one));
    let gone: Vec<&Index> = own.map(|(_, index)| index).collect();
    if begins(&words, &["DROP", "INDEX"]) {
        if seen.blocking(oid).is_none() {
            return Vec::new();
        }
        let finding = |index: &Index| {
            let why = format!(
                "dropping {} waits for everybody who reads {}, and everybody else behind it",
                index.name, before.name
            );
            let instead = format!("-- waygate:step autocommit\nDROP INDEX CONCURRENTLY {};", index.sql);
            seen.on(&DROPS_INDEX, oid, why, instead)
        };
        return gone.into_iter().map(finding).collect();
    }
    let lost = |columns: &[i16]| columns.iter().all(|column| *column != 0 && !after.columns.contains_key(column));
    let is_named = |name: &str| seen.text.contains(name);
    let mut names: Vec<&str> =
        gone.into_iter().filter(|one| !lost(&one.columns) || one.is_partial).map(|one| one.name.as_str()).collect();
    let constraints = seen.before.constraints.iter().filter(|(number, one)| {
        one.table == oid && !seen.after.constraints.contains_key(number) && !lost(&one.columns)
    });
    names.extend(constraints.map(|(_, one)| one.name.as_str()));
    names.retain(|name| !is_named(name));
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Vec::new();
    }
    let why = format!("{} of {} vanish with it, and the statement does not say so", names.join(", "), before.name);
    let instead = "drop them by name first, in statements of their own, and make what has to stay in their place";
    vec![seen.on(&DROPS_SILENTLY, oid, why, instead)]
}

fn cascade(seen: &Seen<'_>) -> Option<Finding> {
    let words = seen.words();
    let drops = begins(&words, &["DROP"]) || (begins(&words, &["ALTER"]) && holds(&words, &["DROP"]));
    let is_action = |before: Option<&String>| before.is_some_and(|word| word == "DELETE" || word == "UPDATE");
    let cascades = words
        .iter()
        .enumerate()
        .any(|(at, word)| word == "CASCADE" && !is_action(at.checked_sub(1).and_then(|before| words.get(before))));
    let why = "whatever depends on the object goes too, also what the database has and this history does not";
    (drops && cascades).then(|| {
        seen.finding(
            &DROP_CASCADE,
            why.to_owned(),
            "without CASCADE; first drop by name what the server then says depends on it",
        )
    })
}

fn label(seen: &Seen<'_>) -> Option<Finding> {
    let words = seen.words();
    let renames = begins(&words, &["ALTER", "TYPE"]) && holds(&words, &["RENAME", "VALUE"]);
    let why = "a program that still runs writes the old label, and cannot read the new one";
    renames.then(|| {
        let instead =
            "stop the program for this deploy, or add the new label, write it, and change the rows in batches";
        seen.finding(&RENAMES_LABEL, why.to_owned(), instead)
    })
}
