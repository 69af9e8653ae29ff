//! How a job goes on, and what it did.

use serde::Serialize;

use super::parts::{Job, Part};
use super::worker::Done;
use crate::keys::columns::CellCount;

/// How a job goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A pass over a table starts, or goes on where a run before it ended.
    Pass {
        /// The table.
        table: &'static str,
        /// The first, the second, …
        pass: u32,
        /// How many rows are to be sealed anew.
        expected: u64,
        /// How many of them were, by the run before.
        done: u64,
    },
    /// So many rows have been visited.
    Rows(u64),
}

impl Event {
    pub(super) fn pass(job: &Job, parts: &[Part], pass: u32) -> Self {
        let sum = |number: fn(&Part) -> i64| parts.iter().map(number).sum::<i64>().try_into().unwrap_or_default();
        Self::Pass {
            table: job.sealed.table.name,
            pass,
            expected: sum(|part| part.expected),
            done: sum(|part| part.done),
        }
    }
}

/// What a job did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reencrypted {
    /// Table by table.
    pub tables: Vec<TableReencrypted>,
    /// Append-only tables: nobody may change their rows, so their cells stay under their keys.
    pub left_out: Vec<String>,
    /// Whether it was asked to end before it was done.
    pub stopped: bool,
}

impl Reencrypted {
    /// How many cells are in quarantine.
    #[must_use]
    pub fn quarantined(&self) -> i64 {
        self.tables.iter().map(|table| table.quarantined).sum()
    }
}

/// What a job did in one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReencrypted {
    /// The table.
    pub table: &'static str,
    /// Rows sealed anew by this run.
    pub done: u64,
    /// Visits of rows that somebody else wrote meanwhile.
    pub raced: u64,
    /// Visits of rows with nothing to do.
    pub skipped: u64,
    /// Cells of the table in quarantine.
    pub quarantined: i64,
    /// Cells of destroyed keys, which cannot be opened and stay.
    pub destroyed: i64,
    /// How often the table was gone over.
    pub passes: u32,
    /// Cells that are still under a key that is not active.
    pub left: Vec<CellCount>,
}

impl TableReencrypted {
    pub(super) fn of(table: &'static str) -> Self {
        Self { table, done: 0, raced: 0, skipped: 0, quarantined: 0, destroyed: 0, passes: 0, left: Vec::new() }
    }

    pub(super) fn add(&mut self, part: Done) {
        let Done { written, raced, skipped } = part;
        self.done += written;
        self.raced += raced;
        self.skipped += skipped;
    }

    /// What another pass may find something to do after.
    pub(super) fn moved(&self) -> u64 {
        self.done + self.raced
    }
}
