//! One statement as it was observed.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Rule};
use super::locks::{Locks, TableLock};
use super::text::words;
use super::world::{Constraint, Oid, Table, World};

/// Which tables were there before the file, and are not its own to lock.
pub(super) type Existing = BTreeSet<Oid>;

/// A statement, and the database before and behind it.
pub(super) struct Seen<'a> {
    pub(super) migration: &'a str,
    /// The line on which it begins.
    pub(super) line: usize,
    pub(super) text: &'a str,
    pub(super) existing: &'a Existing,
    pub(super) before: &'a World,
    pub(super) after: &'a World,
    /// What the step held before it.
    pub(super) held: &'a Locks,
    /// What the step holds behind it.
    pub(super) locks: &'a Locks,
    /// On which line the step took each lock that keeps others waiting.
    pub(super) since: &'a BTreeMap<Oid, usize>,
    pub(super) notices: &'a [String],
    /// The tables that it writes rows of, as its words say.
    pub(super) writes: &'a [Oid],
}

impl<'a> Seen<'a> {
    /// Its tokens; words in capitals, all else as it stands.
    pub(super) fn words(&self) -> Vec<String> {
        words(self.text)
    }

    /// The tables of before the file that are still there.
    pub(super) fn kept(&self) -> impl Iterator<Item = (Oid, &'a Table, &'a Table)> {
        let (before, after) = (self.before, self.after);
        self.existing.iter().filter_map(|oid| Some((*oid, before.tables.get(oid)?, after.tables.get(oid)?)))
    }

    /// A table of before the file, as it was before the statement.
    pub(super) fn existing(&self, oid: Oid) -> Option<&'a Table> {
        self.existing.contains(&oid).then(|| self.before.tables.get(&oid)).flatten()
    }

    /// How strongly the step holds a table by now.
    pub(super) fn lock(&self, oid: Oid) -> Option<TableLock> {
        self.locks.get(&oid).copied()
    }

    /// The lock on a table behind which writers wait.
    pub(super) fn blocking(&self, oid: Oid) -> Option<TableLock> {
        self.lock(oid).filter(|lock| lock.blocks_writes())
    }

    /// How strongly a table is held, where this statement made it so.
    pub(super) fn took(&self, oid: Oid) -> Option<TableLock> {
        let lock = self.lock(oid)?;
        self.held.get(&oid).is_none_or(|held| *held < lock).then_some(lock)
    }

    /// Whether it gave a table a new file.
    pub(super) fn rewrote(&self, oid: Oid) -> bool {
        match (self.before.tables.get(&oid), self.after.tables.get(&oid)) {
            (Some(before), Some(after)) => before.file != after.file && after.file.is_some(),
            _ => false,
        }
    }

    /// The tables that were there before and of which it checked every row: the server says which it verifies and whose
    /// keys it validates, and of a constraint that was not valid before it is plain.
    pub(super) fn scanned(&self) -> BTreeSet<Oid> {
        let told = |table: &Table| self.notices.contains(&format!("verifying table \"{}\"", table.bare()));
        // The server does not say in which schema, so only what is locked is meant.
        let is_altered = |oid| self.lock(oid).is_some_and(|lock| lock >= TableLock::ShareUpdateExclusive);
        let is_scanned = |(oid, before, after): &(Oid, &Table, &Table)| {
            (is_altered(*oid) && (told(before) || told(after)))
                || self.validated(*oid).is_some()
                || self.validating(*oid).is_some()
        };
        self.kept().filter(is_scanned).map(|(oid, ..)| oid).collect()
    }

    /// The foreign key of a table that it made and checked.
    pub(super) fn validating(&self, oid: Oid) -> Option<&'a Constraint> {
        let told = |name: &str| self.notices.contains(&format!("validating foreign key constraint \"{name}\""));
        let mut keys = self.after.constraints.values().filter(|one| one.table == oid && one.kind == 'f');
        keys.find(|key| self.blocking(oid).is_some() && told(&key.name))
    }

    /// The constraint of a table that was not valid before it.
    pub(super) fn validated(&self, oid: Oid) -> Option<&'a Constraint> {
        let mut own = self.after.constraints.iter().filter(|(_, one)| one.table == oid && one.is_validated);
        let was_open = |number| self.before.constraints.get(number).is_some_and(|before| !before.is_validated);
        own.find(|(number, _)| was_open(*number)).map(|(_, one)| one)
    }

    /// Words about a lock that an earlier statement of the step took.
    pub(super) fn since(&self, oid: Oid) -> String {
        match self.since.get(&oid) {
            Some(line) if self.took(oid).is_none() => format!(" (held since line {line})"),
            _ => String::new(),
        }
    }

    /// A finding about a table.
    pub(super) fn on(&self, rule: &Rule, oid: Oid, why: String, instead: impl Into<String>) -> Finding {
        let table = self.before.tables.get(&oid).or(self.after.tables.get(&oid));
        Finding {
            table: table.map(|table| table.name.clone()),
            lock: self.lock(oid).filter(|lock| *lock > TableLock::RowShare),
            ..self.finding(rule, why, instead)
        }
    }

    /// A finding about the statement.
    pub(super) fn finding(&self, rule: &Rule, why: String, instead: impl Into<String>) -> Finding {
        Finding {
            migration: self.migration.to_owned(),
            line: self.line,
            rule: rule.name,
            severity: rule.severity,
            table: None,
            lock: None,
            why,
            instead: instead.into(),
        }
    }
}
