//! The deploy: lock, compare, apply, one migration after the other.

use std::time::Duration;

use serde::Serialize;

use super::file::Migration;
use super::foreign::refuse_foreign_objects;
use super::ledger::{self, milliseconds};
use super::lock::{self, Holder};
use super::plan::plan;
use super::transaction::{Failure, attempt};
use crate::backoff::Backoff;
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// How a deploy waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeployOptions {
    /// How long to wait for another deploy to end. Five minutes.
    pub lock_wait: Duration,
    /// How long a statement may wait for a table that others use, before its migration is rolled back and tried again:
    /// whoever queues behind the waiting statement waits as long. Two seconds.
    pub lock_timeout: Duration,
    /// How often a migration is tried again after that, or after a deadlock. Ten times.
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
    /// A table was busy, or there was a deadlock: the migration was rolled back and will be tried again.
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
}

/// Applies the pending migrations, oldest first, each in one transaction with its row of the ledger.
///
/// A second deploy at the same time waits. When the returned future is dropped before its end, drop the connection
/// too: the server then rolls back the migration under way and releases the lock.
///
/// # Errors
///
/// [`is_migration_locked`](Error::is_migration_locked) when another deploy did not end in time,
/// [`is_migration_file`](Error::is_migration_file) when the files do not fit the ledger or hold transaction control,
/// [`is_foreign_schema`](Error::is_foreign_schema) when the database was never deployed to and is not empty — in these
/// three cases nothing is written. [`is_migration_failed`](Error::is_migration_failed) when the server refused a
/// migration: that one is rolled back, those before it stay. [`is_connection_lost`](Error::is_connection_lost) when the
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
    let history = ledger::read(conn).await?;
    let plan = plan(files, &history)?;
    // All pending files are checked before the first is run.
    plan.pending.iter().try_for_each(|file| file.check())?;
    let mut report = Report { applied: Vec::new(), already_applied: plan.applied, warnings: plan.warnings };
    report.warnings.iter().for_each(|warning| progress(Progress::Warning(warning)));
    progress(Progress::Planned { pending: plan.pending.len(), applied: plan.applied });
    if plan.pending.is_empty() {
        return Ok(report);
    }
    if history.is_empty() {
        refuse_foreign_objects(conn).await?;
    }
    for migration in plan.pending {
        let took = apply(conn, migration, options, progress)
            .await
            .map_err(|failure| explain(failure, migration, &report.applied))?;
        report.applied.push(Deployed { id: migration.id().to_owned(), duration_ms: milliseconds(took) });
    }
    // The caller may go on with this connection.
    conn.renew().await?;
    Ok(report)
}

/// Applies one migration, with new tries where another session was in the way.
async fn apply(
    conn: &Maintenance,
    migration: &Migration,
    options: DeployOptions,
    progress: &mut Watch<'_>,
) -> Result<Duration, Failure> {
    let id = migration.id();
    progress(Progress::Started { id });
    let mut backoff = Backoff::new(options.first_backoff, options.longest_backoff);
    let mut retry = 0;
    loop {
        match attempt(conn, migration, options.lock_timeout).await {
            Ok(took) => {
                progress(Progress::Applied { id, took });
                return Ok(took);
            }
            Err(failure) if failure.is_retryable() && retry < options.retries => {
                retry += 1;
                let wait = backoff.step();
                progress(Progress::Retrying { id, retry, wait });
                tokio::time::sleep(wait).await;
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// The error of a failed migration: where in the file, what the server said, and what stands now.
fn explain(failure: Failure, migration: &Migration, before: &[Deployed]) -> Error {
    let id = migration.id();
    let ids: Vec<&str> = before.iter().map(|one| one.id.as_str()).collect();
    let stands = if ids.is_empty() {
        "this deploy applied nothing".to_owned()
    } else {
        format!("applied before it, and kept: {}", ids.join(", "))
    };
    let busy = failure.is_retryable();
    match failure {
        Failure::Session(error) => error,
        Failure::Refused { refusal, .. } if refusal.error.kind() == Kind::ConnectionLost => {
            Error::new(Kind::ConnectionLost, format!("the connection broke while migration {id} ran; {stands}"))
                .help("run `waygate migrate status`: the server has applied it whole or not at all")
                .caused_by(refusal.error)
        }
        Failure::Refused { refusal, at } => {
            let place = at.map(|at| format!(" at {id}/up.sql:{at}")).unwrap_or_default();
            let message = format!("migration {id} failed{place}: {}", refusal.error.message());
            let advice = if busy {
                "other sessions keep its tables busy: end long transactions, or deploy at a quieter time"
            } else {
                "correct the file and deploy again"
            };
            Error::new(Kind::MigrationFailed, format!("{message}. It was rolled back; {stands}"))
                .help(advice)
                .reported(refusal.into_report())
        }
    }
}
