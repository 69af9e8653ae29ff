//! One attempt at a step in a transaction: its asserts, its SQL and its rows of the ledger, all or nothing.

use std::time::{Duration, Instant};

use postgres_types::Type;

use super::file::Migration;
use super::ledger;
use super::lock::HELD;
use super::position::Position;
use super::snapshot;
use super::step::{Assert, Step};
use crate::error::{Error, Kind, Result};
use crate::session::{Maintenance, OWNER_AGAIN, Refusal};

/// A migration under way.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub(super) migration: &'a Migration,
    /// How many steps it has.
    pub(super) steps: i32,
    /// Whether no other migration follows in this deploy, so that the schema's snapshot is taken with its end.
    pub(super) is_last: bool,
    /// How long the migration's earlier steps took.
    pub(super) before: Duration,
}

/// Why an attempt failed. In every case the transaction is over and nothing of it remains.
pub(super) enum Failure {
    /// The server refused the SQL, the row of the ledger or the commit.
    Refused { refusal: Box<Refusal>, at: Option<Position> },
    /// Something that has to hold before the step does not.
    Asserted { message: String, at: Position },
    /// The session is not what it must be, or the step's state is in doubt.
    Session(Error),
}

impl Failure {
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self::Refused { refusal: Box::new(refusal), at: None }
    }

    /// Whether another attempt may succeed: a lock was not free in time, or there was a deadlock.
    pub(super) fn is_retryable(&self) -> bool {
        matches!(self.code(), Some("55P03" | "40P01"))
    }

    /// The error of what belongs to no migration.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Refused { refusal, .. } => refusal.error,
            Self::Asserted { message, at } => Error::new(Kind::MigrationFailed, format!("{at}: {message}")),
            Self::Session(error) => error,
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal.code()),
            Self::Asserted { .. } => None,
            Self::Session(error) => error.code(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Session(error)
    }
}

/// Applies a step, or leaves nothing of it.
pub(super) async fn attempt(
    conn: &Maintenance,
    work: Work<'_>,
    step: &Step<'_>,
    lock_timeout: Duration,
) -> Result<Duration, Failure> {
    // A step starts from the same session, whatever those before it have set.
    conn.renew().await?;
    let outcome = run(conn, work, step, lock_timeout).await;
    if outcome.is_err() {
        // It can only fail with the connection, and then the server rolls back by itself.
        conn.run("ROLLBACK").await.ok();
    }
    outcome
}

async fn run(conn: &Maintenance, work: Work<'_>, step: &Step<'_>, lock_timeout: Duration) -> Result<Duration, Failure> {
    let begin = format!("BEGIN; SET LOCAL lock_timeout = {}", lock_timeout.as_millis());
    conn.run(&begin).await.map_err(Failure::refused)?;
    let transaction = transaction_id(conn).await?;
    ledger::ensure(conn).await?;
    check(conn, step).await?;
    let started = Instant::now();
    for stretch in step.stretches() {
        conn.run(stretch.text).await.map_err(|refusal| {
            let at = refusal.position.map(|character| step.position_in(&stretch, character));
            let at = at.or(Some(step.position(stretch.offset)).filter(|_| step.statements.len() == 1));
            Failure::Refused { refusal: Box::new(refusal), at }
        })?;
    }
    let took = started.elapsed();
    check_session(conn, work.migration, &transaction).await?;
    conn.run(OWNER_AGAIN).await.map_err(Failure::refused)?;
    let id = work.migration.id();
    ledger::start_step(conn, id, step).await.map_err(Failure::refused)?;
    close(conn, work, step.number, took).await?;
    conn.run("COMMIT").await.map_err(Failure::refused)?;
    Ok(took)
}

/// Notes in the open transaction that a step is done, and with the last one the migration.
pub(super) async fn close(conn: &Maintenance, work: Work<'_>, step: i32, took: Duration) -> Result<(), Failure> {
    let id = work.migration.id();
    ledger::finish_step(conn, id, step).await.map_err(Failure::refused)?;
    if step == work.steps {
        let took = work.before.saturating_add(took);
        ledger::record(conn, work.migration, took, "deploy").await.map_err(Failure::refused)?;
        if work.is_last {
            snapshot::take(conn, id).await?;
        }
    }
    Ok(())
}

/// Checks what a step says has to hold before it.
pub(super) async fn check(conn: &Maintenance, step: &Step<'_>) -> Result<(), Failure> {
    for Assert { message, statement } in &step.asserts {
        let rows = conn.ask(statement.text).await.map_err(|refusal| {
            let at = refusal.position.map(|character| step.position_in(statement, character));
            Failure::Refused { refusal: Box::new(refusal), at }
        })?;
        if rows.first().and_then(|row| row.first()).is_none_or(|answer| answer.as_deref() != Some("t")) {
            let at = step.position(statement.offset);
            return Err(Failure::Asserted { message: (*message).to_owned(), at });
        }
    }
    Ok(())
}

async fn transaction_id(conn: &Maintenance) -> Result<String, Failure> {
    let rows = conn.rows("SELECT pg_catalog.pg_current_xact_id()::text", &[]).await.map_err(Failure::refused)?;
    rows.first().map_or(Ok(String::new()), |row| row.read(0)).map_err(Failure::Session)
}

/// Checks that the transaction is still the one that was begun, and that the lock is still this session's.
async fn check_session(conn: &Maintenance, migration: &Migration, transaction: &str) -> Result<(), Failure> {
    let sql = format!("SELECT pg_catalog.pg_current_xact_id()::text OPERATOR(pg_catalog.=) $1, {HELD}");
    let rows = conn.rows(&sql, &[(&transaction, Type::TEXT)]).await.map_err(Failure::refused)?;
    let answer = |index| rows.first().map_or(Ok(false), |row| row.read::<bool>(index)).map_err(Failure::Session);
    if !answer(0)? {
        let message = format!("{} ended the transaction it ran in: part of it may remain", migration.id());
        return Err(Failure::Session(
            Error::new(Kind::MigrationFile, message)
                .help("compare the database with the file, and take its transaction control out"),
        ));
    }
    if !answer(1)? {
        return Err(Failure::Session(lost_lock(migration)));
    }
    Ok(())
}

/// Checks in the open transaction that the lock is still this session's.
pub(super) async fn require_lock(conn: &Maintenance, migration: &Migration) -> Result<(), Failure> {
    let rows = conn.rows(&format!("SELECT {HELD}"), &[]).await.map_err(Failure::refused)?;
    let is_held = rows.first().map_or(Ok(false), |row| row.read(0))?;
    if is_held { Ok(()) } else { Err(Failure::Session(lost_lock(migration))) }
}

fn lost_lock(migration: &Migration) -> Error {
    let message = format!("the deploy lock was lost while {} ran, so it was rolled back", migration.id());
    Error::new(Kind::MigrationFailed, message)
        .help("connect to the server directly: a transaction pooler does not keep a session's locks")
}
