//! The deploy: lock, compare, apply, one migration after the other, step by step.

mod apply;
mod failed;
mod preview;
mod progress;
mod report;
mod rights;

use std::time::Duration;

pub use preview::{Preview, PreviewedMigration, PreviewedStep, preview};
pub use progress::Progress;
pub(super) use progress::Watch;
pub use report::{Deployed, Report};

use super::alone::in_transaction;
use super::file::Migration;
use super::foreign::refuse_foreign_objects;
use super::ledger::{self, StepState};
use super::lock;
use super::plan::{Ledger, Order, plan_with};
use super::transaction::Failure;
use super::watch::refuse_pooler;
use crate::error::Result;
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
    /// Whether a migration is applied although a newer one is, as after the merge of an old branch. No.
    pub allow_out_of_order: bool,
}

impl DeployOptions {
    pub(super) const fn order(self) -> Order {
        if self.allow_out_of_order { Order::Any } else { Order::Strict }
    }
}

impl Default for DeployOptions {
    fn default() -> Self {
        Self {
            lock_wait: Duration::from_secs(300),
            lock_timeout: Duration::from_secs(2),
            retries: 10,
            first_backoff: Duration::from_secs(1),
            longest_backoff: Duration::from_secs(30),
            allow_out_of_order: false,
        }
    }
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
/// [`is_migration_locked`](crate::Error::is_migration_locked) when another deploy did not end in time,
/// [`is_migration_file`](crate::Error::is_migration_file) when the files do not fit the ledger or hold transaction control,
/// [`is_foreign_schema`](crate::Error::is_foreign_schema) when the database was never deployed to and is not empty — in these
/// three cases nothing is written. [`is_migration_failed`](crate::Error::is_migration_failed) when the server refused a
/// migration or something does not hold that has to: that step is rolled back, what was before it stays.
/// [`is_config`](crate::Error::is_config) through a transaction pooler. [`is_connection_lost`](crate::Error::is_connection_lost) when the
/// server went away.
pub async fn deploy(
    conn: &mut Maintenance,
    files: &[Migration],
    options: DeployOptions,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Report> {
    refuse_pooler(conn).await?;
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
    let ledger = Ledger::read(conn, files).await?;
    let plan = plan_with(files, &ledger, options.order())?;
    // All pending files are checked before the first is run.
    plan.pending.iter().try_for_each(|file| file.check())?;
    let mut report = Report {
        applied: Vec::new(),
        squashed: plan.squashed.iter().map(|file| file.id().to_owned()).collect(),
        already_applied: plan.applied,
        warnings: plan.warnings,
    };
    report.warnings.iter().for_each(|warning| progress(Progress::Warning(warning)));
    progress(Progress::Planned { pending: plan.pending.len(), applied: plan.applied });
    if plan.pending.is_empty() && plan.squashed.is_empty() {
        return Ok(report);
    }
    if ledger.is_empty() {
        refuse_foreign_objects(conn).await?;
    }
    rights::require(conn, &plan.pending).await?;
    ledger::upgrade(conn, files).await?;
    note_squashed(conn, &plan.squashed).await?;
    let last = plan.pending.last().map(|migration| migration.id());
    for migration in plan.pending {
        let is_last = last == Some(migration.id());
        let states: Vec<&StepState> = ledger.steps.iter().filter(|state| state.id == migration.id()).collect();
        report.applied.push(apply::apply(conn, migration, is_last, &states, options, &report.applied, progress).await?);
    }
    // The caller may go on with this connection.
    conn.renew().await?;
    Ok(report)
}

/// Notes migrations as applied of which all that they stand for is.
async fn note_squashed(conn: &Maintenance, squashed: &[&Migration]) -> Result<()> {
    if squashed.is_empty() {
        return Ok(());
    }
    let noted = in_transaction(conn, async || {
        ledger::ensure(conn).await?;
        for migration in squashed {
            ledger::record(conn, migration, Duration::ZERO, "squash").await.map_err(Failure::refused)?;
        }
        Ok(())
    });
    noted.await.map_err(Failure::into_error)
}
