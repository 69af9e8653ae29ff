//! What stands where, read without a write.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::file::Migration;
use super::ledger::StepState;
use super::lock::{self, Holder};
use super::plan::{Entry, Ledger, Order, compare, plan_with};
use super::replaced::Replacements;
use crate::error::{Error, Result};
use crate::session::Maintenance;

/// The migrations of the files and of the ledger, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Every migration of either side, oldest first.
    pub migrations: Vec<MigrationStatus>,
    /// Why a deploy would be refused, if it would.
    pub problem: Option<String>,
    /// What is unusual but no reason to stop.
    pub warnings: Vec<String>,
    /// The deploy that is under way.
    pub deploying: Option<Holder>,
}

impl Status {
    /// Whether the database is as the files say: nothing pending, nothing wrong.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.problem.is_none() && self.pending() == 0
    }

    /// How many migrations wait to be applied.
    #[must_use]
    pub fn pending(&self) -> usize {
        let waits = |one: &&MigrationStatus| {
            matches!(one.state, MigrationState::Pending | MigrationState::Partial | MigrationState::Squashed)
        };
        self.migrations.iter().filter(waits).count()
    }
}

/// One migration in a [`Status`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationStatus {
    /// The folder's name.
    pub id: String,
    /// Where it stands.
    pub state: MigrationState,
    /// When it was applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// The login that applied it.
    pub applied_by: Option<String>,
    /// How long its SQL took.
    pub duration_ms: Option<i64>,
    /// The steps that began, of a migration that is not applied whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepState>,
}

/// Where a migration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationState {
    /// Applied, and its file is unchanged.
    Applied,
    /// Not applied yet.
    Pending,
    /// Applied, and its file was edited since.
    Edited,
    /// Applied, and its file is gone although newer ones are here.
    Missing,
    /// Applied by a program with newer files than these.
    Newer,
    /// Some of its steps are applied, and a deploy goes on behind them.
    Partial,
    /// Not applied, although a newer one is.
    OutOfOrder,
    /// Another migration stands for it now.
    Replaced,
    /// All that it stands for is applied: a deploy notes that, and runs nothing.
    Squashed,
    /// Some of what it stands for is applied, and some is not.
    HalfSquashed,
}

/// Compares the files with the database. Writes nothing, also where no migration was ever applied.
///
/// # Errors
///
/// [`is_connection_lost`](Error::is_connection_lost), [`is_permission_denied`](Error::is_permission_denied). What would
/// refuse a deploy is no error here: it stands in [`Status::problem`].
pub async fn status(conn: &Maintenance, files: &[Migration]) -> Result<Status> {
    let ledger = Ledger::read(conn, files).await?;
    let deploying = lock::holder(conn).await?;
    let (problem, warnings) = match plan_with(files, &ledger, Order::Strict) {
        Ok(plan) => (plan.pending.iter().find_map(|file| file.check().err()), plan.warnings),
        Err(error) => (Some(error), Vec::new()),
    };
    // What is malformed is told as the problem.
    let replacements = Replacements::of(files).unwrap_or_default();
    let entries = compare(files, &ledger.applied, &replacements);
    Ok(Status {
        migrations: entries.iter().map(|entry| MigrationStatus::of(entry, &ledger)).collect(),
        problem: problem.as_ref().map(Error::to_string),
        warnings,
        deploying,
    })
}

impl MigrationStatus {
    fn of(entry: &Entry<'_>, ledger: &Ledger) -> Self {
        let steps: Vec<StepState> = ledger.steps.iter().filter(|step| step.id == entry.id).cloned().collect();
        let state = match entry.state {
            MigrationState::Pending | MigrationState::OutOfOrder if !steps.is_empty() => MigrationState::Partial,
            MigrationState::Edited if ledger.reworded.iter().any(|same| same == entry.id) => MigrationState::Applied,
            state => state,
        };
        Self {
            id: entry.id.to_owned(),
            state,
            steps,
            applied_at: entry.applied.map(|row| row.applied_at),
            applied_by: entry.applied.map(|row| row.applied_by.clone()),
            duration_ms: entry.applied.map(|row| row.duration_ms),
        }
    }
}
