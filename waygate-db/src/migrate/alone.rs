//! A step outside of any transaction: one statement, before it a note that it began, after it a look whether it is done.

use std::time::{Duration, Instant};

use super::deploy::Watch;
use super::ledger::{self, StepState};
use super::probe::{Found, look};
use super::step::Step;
use super::transaction::{Failure, Work, check, close, require_lock};
use super::watch::watched;
use crate::error::{Error, Kind};
use crate::session::Maintenance;

/// What the ledger knows of a step before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    /// It never ran.
    None,
    /// The server refused it: it is not done, but an index may have stayed behind.
    Refused,
    /// It began, and nobody knows how it ended.
    Interrupted,
}

impl Past {
    pub(super) fn of(state: Option<&StepState>) -> Self {
        match state.map(|state| state.state.as_str()) {
            None => Self::None,
            Some("failed") => Self::Refused,
            Some(_) => Self::Interrupted,
        }
    }
}

/// Applies a step, or goes on with one that broke off.
pub(super) async fn attempt(
    conn: &Maintenance,
    work: Work<'_>,
    step: &Step<'_>,
    past: Past,
    lock_timeout: Duration,
    progress: &mut Watch<'_>,
) -> Result<Duration, Failure> {
    let id = work.migration.id();
    conn.renew().await?;
    let Some(statement) = step.statements.first() else { return Ok(Duration::ZERO) };
    let mut found = look(conn, statement).await?;
    if past == Past::Interrupted && found == Found::Unknown {
        return Err(Failure::Session(in_doubt(work, step)));
    }
    // Unless it broke off, what is there already is not this step's: the server refuses it.
    let is_done = past == Past::Interrupted && found == Found::Done;
    let started = Instant::now();
    if !is_done {
        begin(conn, work, step).await?;
        // The build waits for older transactions by itself, holding back nobody; a limit would only break it off.
        let limit = if is_index(step) { 0 } else { lock_timeout.as_millis() };
        conn.run(&format!("SET lock_timeout = {limit}")).await.map_err(Failure::refused)?;
        // Before a first run it is somebody else's, perhaps still being built.
        if let (Found::Broken(drop), Past::Refused | Past::Interrupted) = (&found, past) {
            watched(conn, id, conn.run(drop), progress).await.map_err(Failure::refused)?;
        }
        watched(conn, id, conn.run(statement.text), progress).await.map_err(|refusal| {
            let at = refusal.position.map(|character| step.position_in(statement, character));
            Failure::Refused { refusal: Box::new(refusal), at: at.or(Some(step.position(statement.offset))) }
        })?;
        found = look(conn, statement).await?;
        if matches!(found, Found::NotDone | Found::Broken(_)) {
            return Err(Failure::Session(undone(work, step)));
        }
    }
    let took = started.elapsed();
    end(conn, work, step, took).await?;
    Ok(took)
}

/// Notes that the step begins, once what has to hold before it does.
async fn begin(conn: &Maintenance, work: Work<'_>, step: &Step<'_>) -> Result<(), Failure> {
    in_transaction(conn, async || {
        require_lock(conn, work.migration).await?;
        ledger::ensure(conn).await?;
        check(conn, step).await?;
        ledger::start_step(conn, work.migration.id(), step).await.map_err(Failure::refused)
    })
    .await
}

/// Notes that the step is done.
pub(super) async fn end(conn: &Maintenance, work: Work<'_>, step: &Step<'_>, took: Duration) -> Result<(), Failure> {
    conn.renew().await?;
    in_transaction(conn, async || {
        require_lock(conn, work.migration).await?;
        close(conn, work, step.number, took).await
    })
    .await
}

/// Runs work in a transaction of its own, and leaves none open.
pub(super) async fn in_transaction(
    conn: &Maintenance,
    work: impl AsyncFnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    conn.run("BEGIN").await.map_err(Failure::refused)?;
    let outcome = match work().await {
        Ok(()) => conn.run("COMMIT").await.map_err(Failure::refused),
        Err(failure) => Err(failure),
    };
    if outcome.is_err() {
        // It can only fail with the connection, and then the server rolls back by itself.
        conn.run("ROLLBACK").await.ok();
    }
    outcome
}

fn is_index(step: &Step<'_>) -> bool {
    step.statements.iter().any(|statement| statement.head::<4>().iter().any(|word| word == "INDEX"))
}

fn in_doubt(work: Work<'_>, step: &Step<'_>) -> Error {
    let (id, number) = (work.migration.id(), step.number);
    Error::new(
        Kind::MigrationFailed,
        format!("step {number} of {id} began and nobody knows whether it ended: nothing in the database tells"),
    )
    .help(format!(
        "look for yourself; then `migrate resolve --step {id}:{number}=done`, or `--step {id}:{number}=again` to run it again"
    ))
}

fn undone(work: Work<'_>, step: &Step<'_>) -> Error {
    let (id, number) = (work.migration.id(), step.number);
    Error::new(Kind::MigrationFailed, format!("step {number} of {id} ran, and its work is not there"))
        .help("run the deploy again; another session may have undone it")
}
