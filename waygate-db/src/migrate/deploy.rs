//! The deploy: lock, compare, apply, one migration after the other, step by step.

use std::time::Duration;

use serde::Serialize;

use super::file::Migration;
use super::foreign::refuse_foreign_objects;
use super::ledger::{self, StepState, milliseconds};
use super::lock::{self, Holder};
use super::plan::{Ledger, plan_with};
use super::step::{Step, StepKind};
use super::transaction::{self, Failure, Work};
use super::watch::{Blocker, refuse_pooler, watched};
use super::{alone, backfill};
use crate::backoff::Backoff;
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// How a deploy waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeployOptions {
    /// How long to wait for another deploy to end. Five minutes.
    pub lock_wait: Duration,
    /// How long a statement may wait for a table that others use, before its step is rolled back and tried again:
    /// whoever queues behind the waiting statement waits as long. Two seconds, where the file says nothing else.
    pub lock_timeout: Duration,
    /// How often a step is tried again after that, or after a deadlock. Ten times.
    pub retries: u32,
    /// The wait before the first new try; it doubles. One second.
    pub first_backoff: Duration,
    /// The longest wait between tries. Thirty seconds.
    pub longest_backoff: Duration,
}

impl Default for DeployOptions {
    fn default() -> Self {
        Self {
            lock_wait: Duration::from_secs(300),
            lock_timeout: Duration::from_secs(2),
            retries: 10,
            first_backoff: Duration::from_secs(1),
            longest_backoff: Duration::from_secs(30),
        }
    }
}

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
pub(super) type Watch<'a> = dyn FnMut(Progress<'_>) + Send + 'a;

/// What a deploy did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What this deploy applied, in order.
    pub applied: Vec<Deployed>,
    /// How many migrations were applied before it.
    pub already_applied: usize,
    /// What is unusual but no reason to stop.
    pub warnings: Vec<String>,
}

/// A migration that a deploy applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deployed {
    /// The folder's name.
    pub id: String,
    /// How long its SQL took.
    pub duration_ms: i64,
    /// How many steps it has.
    pub steps: i32,
    /// How many of them were done before this deploy.
    pub resumed_after: i32,
}

/// Applies the pending migrations, oldest first, step by step.
///
/// A step in a transaction is applied together with its row of the ledger; the ledger notes of the others that they
/// began, and a later deploy goes on behind the last step that is done. A second deploy at the same time waits. When the
/// returned future is dropped before its end, drop the connection too: the server then rolls back the step under way and
/// releases the lock.
///
/// # Errors
///
/// [`is_migration_locked`](Error::is_migration_locked) when another deploy did not end in time,
/// [`is_migration_file`](Error::is_migration_file) when the files do not fit the ledger or hold transaction control,
/// [`is_foreign_schema`](Error::is_foreign_schema) when the database was never deployed to and is not empty — in these
/// three cases nothing is written. [`is_migration_failed`](Error::is_migration_failed) when the server refused a
/// migration or something does not hold that has to: that step is rolled back, what was before it stays.
/// [`is_config`](Error::is_config) through a transaction pooler. [`is_connection_lost`](Error::is_connection_lost) when the
/// server went away.
pub async fn deploy(
    conn: &mut Maintenance,
    files: &[Migration],
    options: DeployOptions,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Report> {
    lock::take(conn, options.lock_wait, progress).await?;
    let outcome = deploy_locked(conn, files, options, progress).await;
    let released = lock::release(conn).await;
    // The first error is the one to tell; a broken connection has released the lock by itself.
    let mut report = outcome?;
    if !released? {
        let warning = "the deploy lock was lost before the end: connect to the server directly, not through a pooler";
        progress(Progress::Warning(warning));
        report.warnings.push(warning.to_owned());
    }
    Ok(report)
}

async fn deploy_locked(
    conn: &Maintenance,
    files: &[Migration],
    options: DeployOptions,
    progress: &mut Watch<'_>,
) -> Result<Report> {
    refuse_pooler(conn).await?;
    let ledger = Ledger::read(conn, files).await?;
    let plan = plan_with(files, &ledger)?;
    // All pending files are checked before the first is run.
    plan.pending.iter().try_for_each(|file| file.check())?;
    let mut report = Report { applied: Vec::new(), already_applied: plan.applied, warnings: plan.warnings };
    report.warnings.iter().for_each(|warning| progress(Progress::Warning(warning)));
    progress(Progress::Planned { pending: plan.pending.len(), applied: plan.applied });
    if plan.pending.is_empty() {
        return Ok(report);
    }
    if ledger.is_empty() {
        refuse_foreign_objects(conn).await?;
    }
    let last = plan.pending.last().map(|migration| migration.id());
    for migration in plan.pending {
        let is_last = last == Some(migration.id());
        let states: Vec<&StepState> = ledger.steps.iter().filter(|state| state.id == migration.id()).collect();
        report.applied.push(apply(conn, migration, is_last, &states, options, &report.applied, progress).await?);
    }
    // The caller may go on with this connection.
    conn.renew().await?;
    Ok(report)
}

/// Applies what is left of one migration.
async fn apply(
    conn: &Maintenance,
    migration: &Migration,
    is_last: bool,
    states: &[&StepState],
    options: DeployOptions,
    before: &[Deployed],
    progress: &mut Watch<'_>,
) -> Result<Deployed> {
    let id = migration.id();
    progress(Progress::Started { id });
    let up = migration.up();
    let (steps, _) = migration.parse(&up)?;
    let count = i32::try_from(steps.len()).unwrap_or(i32::MAX);
    let mut work = Work { migration, steps: count, is_last, before: Duration::ZERO };
    let mut resumed_after = 0;
    for step in &steps {
        let state = states.iter().copied().find(|state| state.step == step.number);
        if state.is_some_and(|state| state.state == "done") {
            resumed_after = step.number;
            continue;
        }
        if count > 1 {
            progress(Progress::Step { id, step: step.number, steps: count, kind: step.kind.as_str() });
        }
        let took = step_with_retries(conn, work, step, state, options, progress).await;
        let took = match took {
            Ok(took) => took,
            Err(failure) => {
                let error = explain(failure, work, step, before);
                note_failure(conn, work, step, &error).await;
                return Err(error);
            }
        };
        work.before = work.before.saturating_add(took);
    }
    progress(Progress::Applied { id, took: work.before });
    Ok(Deployed { id: id.to_owned(), duration_ms: milliseconds(work.before), steps: count, resumed_after })
}

/// Applies one step, with new tries where another session was in the way.
async fn step_with_retries(
    conn: &Maintenance,
    work: Work<'_>,
    step: &Step<'_>,
    state: Option<&StepState>,
    options: DeployOptions,
    progress: &mut Watch<'_>,
) -> Result<Duration, Failure> {
    let id = work.migration.id();
    let lock_timeout = step.lock_timeout.unwrap_or(options.lock_timeout);
    let mut backoff = Backoff::new(options.first_backoff, options.longest_backoff);
    let mut retry = 0;
    // A note of before says how far it came only if it was about this very step.
    let mut state = state.filter(|state| state.checksum == step.checksum()).cloned();
    loop {
        let outcome = match &step.kind {
            StepKind::Transaction => {
                let attempt = transaction::attempt(conn, work, step, lock_timeout);
                watched(conn, id, attempt, progress).await
            }
            StepKind::Autocommit => {
                let interrupted = state.is_some();
                alone::attempt(conn, work, step, interrupted, lock_timeout, progress).await
            }
            StepKind::Backfill(_) => backfill::attempt(conn, work, step, state.as_ref(), lock_timeout, progress).await,
        };
        match outcome {
            Err(failure) if failure.is_retryable() && retry < options.retries => {
                retry += 1;
                let wait = backoff.step();
                progress(Progress::Retrying { id, retry, wait });
                tokio::time::sleep(wait).await;
                if step.kind != StepKind::Transaction {
                    let states = ledger::steps(conn).await?;
                    state = states.into_iter().find(|state| state.id == id && state.step == step.number);
                }
            }
            outcome => return outcome,
        }
    }
}

/// Notes why a step failed where the ledger has a note that its migration began. If that fails too, the first error is
/// the one to tell.
async fn note_failure(conn: &Maintenance, work: Work<'_>, step: &Step<'_>, error: &Error) {
    let note = async || -> Result<()> {
        conn.renew().await?;
        if work.steps > 1 && ledger::is_current(conn).await? {
            ledger::fail_step(conn, work.migration.id(), step.number, error).await?;
        }
        Ok(())
    };
    note().await.ok();
}

/// The error of a failed step: where in the file, what the server said, and what stands now.
fn explain(failure: Failure, work: Work<'_>, step: &Step<'_>, before: &[Deployed]) -> Error {
    let id = work.migration.id();
    let ids: Vec<&str> = before.iter().map(|one| one.id.as_str()).collect();
    let mut stands = if ids.is_empty() {
        "this deploy applied nothing".to_owned()
    } else {
        format!("applied before it, and kept: {}", ids.join(", "))
    };
    if step.number > 1 {
        let steps = if step.number == 2 { "step 1".to_owned() } else { format!("steps 1 to {}", step.number - 1) };
        let _ =
            std::fmt::Write::write_fmt(&mut stands, format_args!("; of {id} itself {steps} of {} stand", work.steps));
    }
    let busy = failure.is_retryable();
    let what =
        if work.steps > 1 { format!("step {} of migration {id}", step.number) } else { format!("migration {id}") };
    match failure {
        Failure::Session(error) => error,
        Failure::Asserted { message, at } => Error::new(
            Kind::MigrationFailed,
            format!(
                "{what} may not run: {id}/up.sql:{at} asserts that {message}. Nothing of the step was run; {stands}"
            ),
        )
        .help("see to the rows that are in the way, then deploy again"),
        Failure::Refused { refusal, .. } if refusal.error.kind() == Kind::ConnectionLost => {
            Error::new(Kind::ConnectionLost, format!("the connection broke while {what} ran; {stands}"))
                .help("deploy again: it goes on where the server has come to")
                .caused_by(refusal.error)
        }
        Failure::Refused { refusal, at } => {
            let place = at.map(|at| format!(" at {id}/up.sql:{at}")).unwrap_or_default();
            let message = format!("{what} failed{place}: {}", refusal.error.message());
            let advice = if busy {
                "other sessions keep its tables busy: end long transactions, or deploy at a quieter time"
            } else {
                "correct the file and deploy again"
            };
            let rolled_back = match step.kind {
                StepKind::Transaction => "It was rolled back",
                StepKind::Autocommit => "It runs outside of a transaction; the next deploy sees to what it left",
                StepKind::Backfill(_) => "The batches before stay, and the next deploy goes on behind them",
            };
            Error::new(Kind::MigrationFailed, format!("{message}. {rolled_back}; {stands}"))
                .help(advice)
                .reported(refusal.into_report())
        }
    }
}
