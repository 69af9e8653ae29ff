//! What a deploy tells while it goes on.

use std::time::Duration;

use crate::migrate::lock::Holder;
use crate::migrate::watch::Blocker;

/// What a deploy is doing.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// Another deploy holds the lock.
    Waiting {
        /// Who holds it, unless it has just ended.
        holder: Option<&'a Holder>,
        /// How long this deploy has waited.
        waited: Duration,
    },
    /// The lock is held and the files are compared with the ledger.
    Planned {
        /// How many migrations will be applied.
        pending: usize,
        /// How many are applied already.
        applied: usize,
    },
    /// Something is unusual but no reason to stop.
    Warning(&'a str),
    /// A migration starts.
    Started {
        /// The folder's name.
        id: &'a str,
    },
    /// A step of a migration that has several starts.
    Step {
        /// The folder's name.
        id: &'a str,
        /// The step's place, from one.
        step: i32,
        /// How many there are.
        steps: i32,
        /// `tx`, `autocommit` or `backfill`.
        kind: &'static str,
    },
    /// A statement waits for what other sessions hold.
    Blocked {
        /// The folder's name.
        id: &'a str,
        /// Who holds it.
        blockers: &'a [Blocker],
    },
    /// An index is being built.
    Building {
        /// The folder's name.
        id: &'a str,
        /// What the build does, in the server's words.
        phase: &'a str,
        /// How much of that is done.
        percent: Option<i64>,
    },
    /// A batch of a backfill is done.
    Backfilling {
        /// The folder's name.
        id: &'a str,
        /// How many rows the batches held so far.
        seen: i64,
        /// How many of them were changed.
        changed: u64,
        /// How many rows the table holds, by the server's estimate.
        total: i64,
    },
    /// A table was busy, or there was a deadlock: the step was rolled back and will be tried again.
    Retrying {
        /// The folder's name.
        id: &'a str,
        /// Which new try this will be, from one.
        retry: u32,
        /// How long the deploy waits before it.
        wait: Duration,
    },
    /// A migration is applied and committed.
    Applied {
        /// The folder's name.
        id: &'a str,
        /// How long its SQL took.
        took: Duration,
    },
}

/// Who is told of the progress.
pub(in crate::migrate) type Watch<'a> = dyn FnMut(Progress<'_>) + Send + 'a;
