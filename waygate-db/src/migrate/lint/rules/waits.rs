//! Who waits for whom: locks of one step on several tables, and work while it holds them.

use super::super::finding::Finding;
use super::super::locks::TableLock;
use super::super::seen::Seen;
use super::super::text::holds;
use super::super::world::Oid;
use super::{LOCKS_REFERENCED_TABLE, LOCKS_SEVERAL_TABLES, LONG_WRITE, TRUNCATES, UNBATCHED_WRITE, WORK_UNDER_LOCK};

const BATCHES: &str = "-- waygate:step backfill table=<schema.table> key=<its key> batch=1000\n\
                       the statement, with AND {batch} in its WHERE";

pub(super) fn judge(seen: &Seen<'_>) -> Vec<Finding> {
    [several(seen), writes(seen)].into_iter().flatten().chain(referenced(seen)).chain(truncates(seen)).collect()
}

/// A second table while a first is kept from everybody: while the step waits for the second, everybody waits for the first.
fn several(seen: &Seen<'_>) -> Option<Finding> {
    let (first, _) = seen.held.iter().find(|(oid, lock)| lock.blocks_reads() && seen.existing(**oid).is_some())?;
    let is_another = |oid: &Oid| oid != first && seen.took(*oid).is_some_and(TableLock::blocks_writes);
    let second = seen.existing.iter().find(|oid| seen.existing(**oid).is_some() && is_another(oid))?;
    let name = |oid: &Oid| seen.existing(*oid).map_or("", |table| table.name.as_str());
    let (first, line) = (name(first), seen.since.get(first).copied().unwrap_or_default());
    let why = format!(
        "it waits for {} while the step keeps {first} from everybody since line {line}: whoever uses one keeps out \
         those who use the other",
        name(second)
    );
    Some(seen.on(&LOCKS_SEVERAL_TABLES, *second, why, "give it a step of its own:\n-- waygate:step tx"))
}

/// Changes of rows, alone or under a lock.
fn writes(seen: &Seen<'_>) -> Option<Finding> {
    let words = seen.words();
    let changes = ["UPDATE", "DELETE", "MERGE"].iter().any(|verb| holds(&words, &[verb]));
    let copies = holds(&words, &["INSERT"]) && holds(&words, &["SELECT"]);
    let written = seen.writes.first().copied()?;
    if !changes && !copies {
        return None;
    }
    let held = seen.held.iter().find(|(oid, lock)| lock.blocks_writes() && seen.existing(**oid).is_some());
    if let Some((oid, lock)) = held {
        let name = seen.existing(*oid).map_or("", |table| table.name.as_str());
        let line = seen.since.get(oid).copied().unwrap_or_default();
        let why = format!("it changes rows while the step holds {name} since line {line}; {}", lock.effect());
        return Some(seen.on(&WORK_UNDER_LOCK, *oid, why, format!("end the step before it:\n{BATCHES}")));
    }
    let table = seen.existing(written).filter(|_| changes)?;
    if holds(&words, &["WHERE"]) || holds(&words, &["MERGE"]) {
        let why = format!(
            "it changes rows of {} in one transaction, which keeps their writers waiting to its end",
            table.name
        );
        return Some(seen.on(&LONG_WRITE, written, why, BATCHES));
    }
    let why = format!("it changes every row of {} in one transaction", table.name);
    Some(seen.on(&UNBATCHED_WRITE, written, why, BATCHES))
}

/// Parents that are locked because a key begins or ends.
fn referenced(seen: &Seen<'_>) -> Vec<Finding> {
    let (before, after) = (&seen.before.constraints, &seen.after.constraints);
    let begun = after.iter().filter(|(oid, _)| !before.contains_key(oid)).map(|(_, key)| (key, "begins"));
    let ended = before.iter().filter(|(oid, _)| !after.contains_key(oid)).map(|(_, key)| (key, "ends"));
    let mut findings: Vec<(Oid, Finding)> = Vec::new();
    for (key, verb) in begun.chain(ended).filter(|(key, _)| key.kind == 'f' && key.table != key.parent) {
        let Some(parent) = seen.existing(key.parent) else { continue };
        let Some(lock) = seen.took(key.parent).filter(|lock| *lock >= TableLock::ShareRowExclusive) else { continue };
        // A table that goes by the same statement is no surprise.
        if findings.iter().any(|(known, _)| *known == key.parent) || !seen.after.tables.contains_key(&key.parent) {
            continue;
        }
        let why = format!(
            "the foreign key {} {verb}, which locks {} to the end of the step; {}",
            key.name,
            parent.name,
            lock.effect()
        );
        let instead = "keep the step short: nothing behind it but what belongs to the key";
        findings.push((key.parent, seen.on(&LOCKS_REFERENCED_TABLE, key.parent, why, instead)));
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}

fn truncates(seen: &Seen<'_>) -> Vec<Finding> {
    if seen.words().first().is_none_or(|word| word != "TRUNCATE") {
        return Vec::new();
    }
    let emptied = seen.kept().filter(|(oid, ..)| seen.rewrote(*oid));
    let finding = |(oid, table): (Oid, String)| {
        let why = format!("it empties {table}: nothing brings the rows back, and everybody waits for the lock");
        seen.on(&TRUNCATES, oid, why, "delete what has to go in batches: -- waygate:step backfill")
    };
    emptied.map(|(oid, table, _)| finding((oid, table.name.clone()))).collect()
}
