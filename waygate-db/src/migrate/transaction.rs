//! One attempt at one migration: its SQL and its row of the ledger, in one transaction.

use std::time::{Duration, Instant};

use postgres_types::Type;

use super::file::Migration;
use super::ledger;
use super::lock::HELD;
use super::position::Position;
use crate::error::{Error, Kind, Result};
use crate::session::{Maintenance, OWNER_AGAIN, Refusal};

/// Why an attempt failed. In every case the transaction is over and nothing of it remains.
pub(super) enum Failure {
    /// The server refused the SQL, the row of the ledger or the commit.
    Refused { refusal: Box<Refusal>, at: Option<Position> },
    /// The session is not what it must be.
    Session(Error),
}

impl Failure {
    fn refused(refusal: Refusal) -> Self {
        Self::Refused { refusal: Box::new(refusal), at: None }
    }

    /// Whether another attempt may succeed: a lock was not free in time, or there was a deadlock.
    pub(super) fn is_retryable(&self) -> bool {
        matches!(self.code(), Some("55P03" | "40P01"))
    }

    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal.code()),
            Self::Session(error) => error.code(),
        }
    }
}

/// Applies a migration, or leaves nothing of it.
pub(super) async fn attempt(
    conn: &Maintenance,
    migration: &Migration,
    lock_timeout: Duration,
) -> Result<Duration, Failure> {
    // A migration starts from the same session, whatever those before it have set.
    conn.renew().await.map_err(Failure::Session)?;
    let outcome = run(conn, migration, lock_timeout).await;
    if outcome.is_err() {
        // It can only fail with the connection, and then the server rolls back by itself.
        conn.run("ROLLBACK").await.ok();
    }
    outcome
}

async fn run(conn: &Maintenance, migration: &Migration, lock_timeout: Duration) -> Result<Duration, Failure> {
    let begin = format!("BEGIN; SET LOCAL lock_timeout = {}", lock_timeout.as_millis());
    conn.run(&begin).await.map_err(Failure::refused)?;
    let transaction = transaction_id(conn).await?;
    ledger::ensure(conn).await.map_err(Failure::Session)?;
    let sql = migration.up();
    let started = Instant::now();
    conn.run(&sql).await.map_err(|refusal| {
        let at = refusal.position.map(|character| Position::of_character(&sql, character));
        Failure::Refused { refusal: Box::new(refusal), at }
    })?;
    let took = started.elapsed();
    check_session(conn, migration, &transaction).await?;
    conn.run(OWNER_AGAIN).await.map_err(Failure::refused)?;
    ledger::record(conn, migration, took).await.map_err(Failure::refused)?;
    conn.run("COMMIT").await.map_err(Failure::refused)?;
    Ok(took)
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
        let message = format!("the deploy lock was lost while {} ran, so it was rolled back", migration.id());
        return Err(Failure::Session(
            Error::new(Kind::MigrationFailed, message)
                .help("connect to the server directly: a transaction pooler does not keep a session's locks"),
        ));
    }
    Ok(())
}
