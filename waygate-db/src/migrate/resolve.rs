//! Decisions of a person about the ledger, where the database cannot tell.

use std::time::Duration;

use super::alone::in_transaction;
use super::deploy::{Progress, Watch};
use super::file::Migration;
use super::ledger::{self, StepState};
use super::lock;
use super::plan::Ledger;
use super::snapshot;
use super::step::Step;
use super::transaction::Failure;
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// What a person says of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution {
    /// Its work is in the database, done by hand.
    Applied(String),
    /// Its work is no longer in the database: the next deploy applies it.
    RolledBack(String),
    /// Its file as it is now stands for what was applied.
    Rehash(String),
    /// A step that broke off is done.
    StepDone(String, i32),
    /// A step that broke off runs again, from its beginning.
    StepAgain(String, i32),
    /// What has changed in the schema since the last deploy is as it should be.
    Drift,
}

/// Writes a person's decision into the ledger. Nothing of the migration is run.
///
/// # Errors
///
/// [`is_migration_file`](Error::is_migration_file) when the decision does not fit the files or the ledger,
/// [`is_migration_locked`](Error::is_migration_locked) while a deploy is under way.
pub async fn resolve(
    conn: &mut Maintenance,
    files: &[Migration],
    resolution: &Resolution,
    lock_wait: Duration,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<()> {
    let conn: &Maintenance = conn;
    lock::under(conn, lock_wait, progress as &mut Watch<'_>, async || {
        let ledger = Ledger::read(conn, files).await?;
        let decided = in_transaction(conn, async || {
            ledger::ensure(conn).await?;
            decide(conn, files, &ledger, resolution).await
        });
        decided.await.map_err(Failure::into_error)
    })
    .await
}

async fn decide(
    conn: &Maintenance,
    files: &[Migration],
    ledger: &Ledger,
    resolution: &Resolution,
) -> Result<(), Failure> {
    match resolution {
        Resolution::Applied(id) => {
            let file = file(files, id)?;
            if is_applied(ledger, id) {
                return Err(refused(&format!("{id} is applied"), "there is nothing to resolve").into());
            }
            applied(conn, file).await
        }
        Resolution::RolledBack(id) => {
            if !is_applied(ledger, id) && begun(ledger, id).next().is_none() {
                return Err(refused(&format!("the ledger knows nothing of {id}"), "see `migrate status`").into());
            }
            ledger::forget(conn, id).await.map_err(Failure::refused)
        }
        Resolution::Drift => {
            let last = ledger.applied.last().map_or("", |row| row.id.as_str());
            Ok(snapshot::take(conn, last).await?)
        }
        Resolution::Rehash(id) => rehash(conn, file(files, id)?, ledger).await,
        Resolution::StepDone(id, number) | Resolution::StepAgain(id, number) => {
            let file = file(files, id)?;
            if is_applied(ledger, id) {
                return Err(refused(&format!("{id} is applied whole"), "there is nothing to resolve").into());
            }
            let up = file.up();
            let (steps, _) = file.parse(&up)?;
            let step = steps.iter().find(|step| step.number == *number).ok_or_else(|| no_step(id, *number, &steps))?;
            if matches!(resolution, Resolution::StepAgain(..)) {
                return ledger::forget_step(conn, id, *number).await.map_err(Failure::refused);
            }
            ledger::start_step(conn, id, step).await.map_err(Failure::refused)?;
            ledger::finish_step(conn, id, *number).await.map_err(Failure::refused)?;
            let is_done = |step: &Step<'_>| {
                step.number == *number || begun(ledger, id).any(|row| row.step == step.number && row.state == "done")
            };
            if steps.iter().all(is_done) { applied(conn, file).await } else { Ok(()) }
        }
    }
}

/// Notes a migration as applied by hand, and how the database looks with it.
async fn applied(conn: &Maintenance, file: &Migration) -> Result<(), Failure> {
    ledger::record(conn, file, Duration::ZERO, "resolve").await.map_err(Failure::refused)?;
    snapshot::take(conn, file.id()).await?;
    Ok(())
}

async fn rehash(conn: &Maintenance, file: &Migration, ledger: &Ledger) -> Result<(), Failure> {
    let id = file.id();
    if ledger::rehash(conn, file).await.map_err(Failure::refused)? {
        return Ok(());
    }
    let up = file.up();
    let (steps, _) = file.parse(&up)?;
    let mut known = 0;
    for row in begun(ledger, id) {
        let step = steps.iter().find(|step| step.number == row.step).ok_or_else(|| no_step(id, row.step, &steps))?;
        ledger::rehash_step(conn, id, step).await.map_err(Failure::refused)?;
        known += 1;
    }
    match known {
        0 => Err(refused(&format!("nothing of {id} is applied"), "there is nothing to compare its file with").into()),
        _ => Ok(()),
    }
}

fn is_applied(ledger: &Ledger, id: &str) -> bool {
    ledger.applied.iter().any(|row| row.id == id)
}

fn begun<'a>(ledger: &'a Ledger, id: &'a str) -> impl Iterator<Item = &'a StepState> {
    ledger.steps.iter().filter(move |row| row.id == id)
}

/// The file of this migration.
pub(super) fn file<'a>(files: &'a [Migration], id: &str) -> Result<&'a Migration> {
    files.iter().find(|file| file.id() == id).ok_or_else(|| {
        refused(&format!("no migration is called {id}"), "write the folder's whole name, as `migrate status` prints it")
    })
}

fn no_step(id: &str, number: i32, steps: &[Step<'_>]) -> Error {
    refused(&format!("{id} has no step {number}, but {}", steps.len()), "`migrate status` lists the steps that began")
}

/// The error of what does not fit, and was therefore not begun.
pub(super) fn refused(message: &str, advice: &'static str) -> Error {
    Error::new(Kind::MigrationFile, format!("{message}. Nothing was changed")).help(advice)
}
