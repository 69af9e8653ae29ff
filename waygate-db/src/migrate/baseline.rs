//! Taking over a database that holds the work of the first migrations, but no ledger.

use std::time::Duration;

use super::alone::in_transaction;
use super::deploy::{Progress, Watch};
use super::file::Migration;
use super::ledger;
use super::lock;
use super::plan::{Ledger, Order, plan_with};
use super::resolve::file;
use super::snapshot;
use super::transaction::Failure;
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// Notes the migrations up to this one as applied without running them; gives those that were not before.
///
/// Whether the database holds what they make is for the caller to have compared.
///
/// # Errors
///
/// [`is_migration_file`](Error::is_migration_file) when the files do not fit the ledger, or one of them was begun;
/// [`is_migration_locked`](Error::is_migration_locked) while a deploy is under way.
pub async fn baseline(
    conn: &mut Maintenance,
    files: &[Migration],
    through: &str,
    lock_wait: Duration,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Vec<String>> {
    let conn: &Maintenance = conn;
    let last = file(files, through)?;
    lock::under(conn, lock_wait, progress as &mut Watch<'_>, async || {
        let ledger = Ledger::read(conn, files).await?;
        let plan = plan_with(files, &ledger, Order::Any)?;
        let taken: Vec<&Migration> = plan.pending.into_iter().filter(|file| file.id() <= through).collect();
        if let Some(begun) = ledger.steps.iter().find(|step| taken.iter().any(|file| file.id() == step.id)) {
            let message = format!("{} was begun by a deploy. Nothing was changed", begun.id);
            return Err(Error::new(Kind::MigrationFile, message)
                .help("deploy, which goes on with it; a baseline is for a database that no deploy has touched"));
        }
        if taken.is_empty() {
            return Ok(Vec::new());
        }
        let noted = in_transaction(conn, async || {
            ledger::ensure(conn).await?;
            for file in &taken {
                ledger::record(conn, file, Duration::ZERO, "baseline").await.map_err(Failure::refused)?;
            }
            snapshot::take(conn, last.id()).await?;
            Ok(())
        });
        noted.await.map_err(Failure::into_error)?;
        Ok(taken.into_iter().map(|file| file.id().to_owned()).collect())
    })
    .await
}
