//! What a statement did to the tables that were there before its file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::locks::TableLock;
use super::seen::Seen;

/// What a statement did to existing tables, whether it breaks a rule or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Observed {
    /// The migration's folder.
    pub migration: String,
    /// The line of its file on which the statement begins.
    pub line: usize,
    /// The tables that it locked, or locked more strongly than its step had before.
    pub locks: BTreeMap<String, TableLock>,
    /// Those that it wrote anew.
    pub rewrites: BTreeSet<String>,
    /// Those of which it checked every row.
    pub scans: BTreeSet<String>,
    /// The indexes that it built of them.
    pub builds: BTreeSet<String>,
}

impl Seen<'_> {
    /// What the statement did.
    pub(super) fn observed(&self) -> Observed {
        let tables = || self.existing.iter().filter_map(|oid| Some((*oid, self.existing(*oid)?)));
        let name = |oid| self.existing(oid).map(|table| table.name.clone());
        let taken = tables().filter_map(|(oid, table)| Some((table.name.clone(), self.took(oid)?)));
        let rewritten = tables().filter(|(oid, _)| self.rewrote(*oid)).map(|(_, table)| table.name.clone());
        let built = self.after.indexes.iter().filter(|(number, index)| {
            self.existing(index.table).is_some()
                && self.before.indexes.get(number).is_none_or(|before| before.file != index.file)
        });
        Observed {
            migration: self.migration.to_owned(),
            line: self.line,
            locks: taken.collect(),
            rewrites: rewritten.collect(),
            scans: self.scanned().into_iter().filter_map(name).collect(),
            builds: built.map(|(_, index)| index.name.clone()).collect(),
        }
    }
}

impl Observed {
    /// Whether nobody waited for it and no row was touched.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        let is_weak = self.locks.values().all(|lock| !lock.blocks_writes());
        is_weak && self.rewrites.is_empty() && self.scans.is_empty() && self.builds.is_empty()
    }
}

/// `20250101000000_name/up.sql:3: orders ACCESS EXCLUSIVE; writes anew orders`
impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.locks.iter().map(|(table, lock)| format!("{table} {lock}")).collect();
        let lists = [("writes anew", &self.rewrites), ("scans", &self.scans), ("builds", &self.builds)];
        for (verb, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            parts.push(format!("{verb} {}", names.join(", ")));
        }
        write!(f, "{}/up.sql:{}: {}", self.migration, self.line, parts.join("; "))
    }
}
