//! How strongly a transaction holds tables.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use super::world::Oid;
use crate::error::Result;
use crate::session::Maintenance;

const LOCKS: &str = include_str!("locks.sql");

/// The strongest lock that a transaction holds on each table.
pub(super) type Locks = BTreeMap<Oid, TableLock>;

/// A lock on a table, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TableLock {
    /// Of a SELECT.
    AccessShare,
    /// Of a SELECT that locks rows, and of what refers to the table.
    RowShare,
    /// Of an UPDATE, DELETE or INSERT.
    RowExclusive,
    /// Of a VACUUM, a VALIDATE or a concurrent build: reads and writes go on.
    ShareUpdateExclusive,
    /// Of a CREATE INDEX: writes wait.
    Share,
    /// Of a foreign key or a trigger: writes wait.
    ShareRowExclusive,
    /// Of a materialized view's refresh: writes wait.
    Exclusive,
    /// Of most of ALTER TABLE: reads and writes wait.
    AccessExclusive,
}

impl TableLock {
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::AccessShare, "AccessShareLock", "ACCESS SHARE"),
        (Self::RowShare, "RowShareLock", "ROW SHARE"),
        (Self::RowExclusive, "RowExclusiveLock", "ROW EXCLUSIVE"),
        (Self::ShareUpdateExclusive, "ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
        (Self::Share, "ShareLock", "SHARE"),
        (Self::ShareRowExclusive, "ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
        (Self::Exclusive, "ExclusiveLock", "EXCLUSIVE"),
        (Self::AccessExclusive, "AccessExclusiveLock", "ACCESS EXCLUSIVE"),
    ];

    /// Its name in PostgreSQL's manual: `ACCESS EXCLUSIVE`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(lock, ..)| *lock == self).map_or("", |(_, _, name)| name)
    }

    /// Whether programs that write to the table wait for it.
    #[must_use]
    pub fn blocks_writes(self) -> bool {
        self >= Self::Share
    }

    /// Whether programs that read the table wait for it, too.
    #[must_use]
    pub fn blocks_reads(self) -> bool {
        self == Self::AccessExclusive
    }

    /// What waits for it, in words.
    pub(super) fn effect(self) -> &'static str {
        if self.blocks_reads() {
            "nobody reads or writes it meanwhile"
        } else if self.blocks_writes() {
            "nobody writes to it meanwhile"
        } else {
            "reads and writes go on"
        }
    }

    fn of_server(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, mode, _)| *mode == name).map(|(lock, ..)| *lock)
    }
}

impl fmt::Display for TableLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for TableLock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The locks of the transaction that is open.
pub(super) async fn read(session: &Maintenance) -> Result<Locks> {
    let mut locks = Locks::new();
    for row in session.ask(LOCKS).await? {
        let [Some(relation), Some(mode)] = row.as_slice() else { continue };
        if let (Ok(relation), Some(lock)) = (relation.parse(), TableLock::of_server(mode)) {
            let strongest: &mut TableLock = locks.entry(relation).or_insert(lock);
            *strongest = lock.max(*strongest);
        }
    }
    Ok(locks)
}
