//! The ledger: what was applied, step by step, and what the database looked like after it.
//!
//! `waygate.migrations` has a row for each migration that is applied whole, written together with its last step;
//! `waygate.migration_steps` has one for each step that began. They are the runner's own and part of no migration.

use std::time::Duration;

use chrono::{DateTime, Utc};
use postgres_types::Type;

use super::file::Migration;
use super::step::Step;
use crate::error::{Error, Kind, Result};
use crate::session::{Maintenance, Refusal, Tuple};

/// The tables of the ledger, in the schema `waygate`.
pub(crate) const TABLES: [&str; 3] = ["migrations", "migration_steps", "schema_snapshot"];

/// Creates the ledger, or brings one of an earlier form up to date. Run under the lock: IF NOT EXISTS alone does not
/// stand a race.
const CREATE: &str = "
    CREATE TABLE IF NOT EXISTS waygate.migrations (
        id           text        PRIMARY KEY,
        checksum     bytea       NOT NULL CHECK (octet_length(checksum) = 32),
        applied_at   timestamptz NOT NULL DEFAULT now(),
        applied_by   text        NOT NULL DEFAULT session_user,
        duration_ms  bigint      NOT NULL,
        tool_version text        NOT NULL
    );
    COMMENT ON TABLE waygate.migrations IS 'Applied migrations; written by `waygate migrate` alone';
    ALTER TABLE waygate.migrations
        ADD COLUMN IF NOT EXISTS words bytea,
        ADD COLUMN IF NOT EXISTS up_sql text,
        ADD COLUMN IF NOT EXISTS how text NOT NULL DEFAULT 'deploy';
    COMMENT ON COLUMN waygate.migrations.words IS 'SHA-256 of the statements without comments and blanks';
    COMMENT ON COLUMN waygate.migrations.how IS 'deploy, baseline, resolve, adopt or squash';
    CREATE TABLE waygate.migration_steps (
        id          text        NOT NULL,
        step        integer     NOT NULL,
        kind        text        NOT NULL,
        checksum    bytea       NOT NULL CHECK (octet_length(checksum) = 32),
        state       text        NOT NULL CHECK (state IN ('running', 'done', 'failed')),
        attempts    integer     NOT NULL DEFAULT 1,
        started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
        finished_at timestamptz,
        sqlstate    text,
        error       text,
        progress    jsonb,
        PRIMARY KEY (id, step)
    );
    COMMENT ON TABLE waygate.migration_steps IS 'The steps of migrations; written by `waygate migrate` alone';
    CREATE TABLE waygate.schema_snapshot (
        id             boolean     PRIMARY KEY DEFAULT true CHECK (id),
        after          text        NOT NULL,
        server_version integer     NOT NULL,
        taken_at       timestamptz NOT NULL DEFAULT now(),
        catalog        jsonb       NOT NULL
    );
    COMMENT ON TABLE waygate.schema_snapshot IS 'The schema as the last deploy left it; written by `waygate migrate` alone';
    REVOKE ALL ON waygate.migrations, waygate.migration_steps, waygate.schema_snapshot FROM PUBLIC";

/// A ledger of an earlier form does not say how a row came to be there.
const READ: &str = "SELECT id, checksum, applied_at, applied_by, duration_ms,
        coalesce(to_jsonb(m) ->> 'how' = 'squash', false)
    FROM waygate.migrations m ORDER BY id";
const READ_WORDS: &str = "SELECT id, words FROM waygate.migrations WHERE words IS NOT NULL";
const READ_STEPS: &str = "SELECT id, step, kind, checksum, state, attempts, sqlstate, error, progress::text
    FROM waygate.migration_steps s
    WHERE NOT EXISTS (SELECT FROM waygate.migrations m WHERE m.id = s.id) ORDER BY id, step";

const RECORD: &str = "INSERT INTO waygate.migrations (id, checksum, duration_ms, tool_version, words, up_sql, how)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

const START_STEP: &str = "INSERT INTO waygate.migration_steps AS s (id, step, kind, checksum, state)
    VALUES ($1, $2, $3, $4, 'running')
    ON CONFLICT (id, step) DO UPDATE SET kind = excluded.kind, checksum = excluded.checksum, state = 'running',
        attempts = s.attempts + 1, started_at = clock_timestamp(), finished_at = NULL, sqlstate = NULL, error = NULL,
        progress = CASE WHEN s.checksum = excluded.checksum THEN s.progress END";
const FINISH_STEP: &str = "UPDATE waygate.migration_steps SET state = 'done', finished_at = clock_timestamp()
    WHERE id = $1 AND step = $2";
/// A step in a transaction has no row of its own once it is rolled back.
const FAIL_STEP: &str =
    "INSERT INTO waygate.migration_steps AS s (id, step, kind, checksum, state, finished_at, sqlstate, error)
    VALUES ($1, $2, $3, $4, 'failed', clock_timestamp(), $5, $6)
    ON CONFLICT (id, step) DO UPDATE SET kind = excluded.kind, state = 'failed', finished_at = excluded.finished_at,
        sqlstate = excluded.sqlstate, error = excluded.error, attempts = s.attempts + (excluded.kind = 'tx')::int";
const CHECKPOINT: &str = "UPDATE waygate.migration_steps SET progress = $3::jsonb WHERE id = $1 AND step = $2";

/// A migration that the ledger says was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The folder's name.
    pub id: String,
    /// The SHA-256 of the SQL that ran, line ends normalised.
    pub checksum: [u8; 32],
    /// When its transaction began.
    pub applied_at: DateTime<Utc>,
    /// The login that ran it.
    pub applied_by: String,
    /// How long its SQL took.
    pub duration_ms: i64,
    /// Whether nothing ran for it, because all that it stands for was applied.
    pub is_squash: bool,
}

/// A step of a migration that is not applied whole.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StepState {
    /// The migration's folder.
    #[serde(skip)]
    pub id: String,
    /// The step's place, from one.
    pub step: i32,
    /// `tx`, `autocommit` or `backfill`.
    pub kind: String,
    #[serde(skip)]
    pub(super) checksum: Vec<u8>,
    /// `running` when it began and nobody knows how it ended, `done`, or `failed`.
    pub state: String,
    /// How often it began.
    pub attempts: i32,
    /// What the server said when it failed, as an SQLSTATE.
    pub sqlstate: Option<String>,
    /// The same in words.
    pub error: Option<String>,
    #[serde(skip)]
    pub(super) progress: Option<String>,
}

impl Applied {
    fn from_tuple(row: &Tuple) -> Result<Self> {
        Ok(Self {
            id: row.read(0)?,
            checksum: <[u8; 32]>::try_from(row.read::<Vec<u8>>(1)?)
                .map_err(|_| Error::new(Kind::Decode, "waygate.migrations.checksum: not 32 bytes long"))?,
            applied_at: row.read(2)?,
            applied_by: row.read(3)?,
            duration_ms: row.read(4)?,
            is_squash: row.read(5)?,
        })
    }
}

impl StepState {
    fn from_tuple(row: &Tuple) -> Result<Self> {
        Ok(Self {
            id: row.read(0)?,
            step: row.read(1)?,
            kind: row.read(2)?,
            checksum: row.read(3)?,
            state: row.read(4)?,
            attempts: row.read(5)?,
            sqlstate: row.read(6)?,
            error: row.read(7)?,
            progress: row.read(8)?,
        })
    }
}

/// One row that says whether the ledger is there.
/// Looks in the catalog alone: who prepares a database may have no right on the schema.
pub(crate) const EXISTS: &str = "SELECT EXISTS (
    SELECT FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('waygate') AND relname = 'migrations')";
/// The same, of the form that this version writes.
const IS_CURRENT: &str = "SELECT EXISTS (
    SELECT FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('waygate') AND relname = 'schema_snapshot')";

pub(super) async fn exists(conn: &Maintenance) -> Result<bool> {
    ask(conn, EXISTS).await
}

/// Whether the ledger has the tables of steps and snapshot.
pub(super) async fn is_current(conn: &Maintenance) -> Result<bool> {
    ask(conn, IS_CURRENT).await
}

async fn ask(conn: &Maintenance, sql: &str) -> Result<bool> {
    conn.rows(sql, &[]).await?.first().map_or(Ok(false), |row| row.read(0))
}

/// The applied migrations, oldest first; none when the ledger is not there.
pub(super) async fn read(conn: &Maintenance) -> Result<Vec<Applied>> {
    if !exists(conn).await? {
        return Ok(Vec::new());
    }
    conn.rows(READ, &[]).await?.iter().map(Applied::from_tuple).collect()
}

/// Which of these migrations differ from what was applied in comments and blanks alone.
pub(super) async fn only_reworded(conn: &Maintenance, files: &[Migration]) -> Result<Vec<String>> {
    if !is_current(conn).await? {
        return Ok(Vec::new());
    }
    let mut same = Vec::new();
    for row in conn.rows(READ_WORDS, &[]).await? {
        let (id, words): (String, Vec<u8>) = (row.read(0)?, row.read(1)?);
        if files.iter().any(|file| file.id() == id && file.words().as_slice() == words) {
            same.push(id);
        }
    }
    Ok(same)
}

/// The steps that began of migrations that are not applied whole.
pub(super) async fn steps(conn: &Maintenance) -> Result<Vec<StepState>> {
    if !is_current(conn).await? {
        return Ok(Vec::new());
    }
    conn.rows(READ_STEPS, &[]).await?.iter().map(StepState::from_tuple).collect()
}

/// Creates the ledger where it is not there, in the transaction that is open: if that fails, no ledger stays behind.
pub(super) async fn ensure(conn: &Maintenance) -> Result<()> {
    if is_current(conn).await? {
        return Ok(());
    }
    // A schema that is there needs no right on the database.
    let is_missing = ask(conn, "SELECT to_regnamespace('waygate') IS NULL").await?;
    let schema = if is_missing { "CREATE SCHEMA IF NOT EXISTS waygate;" } else { "" };
    conn.run(&format!("{schema}{CREATE}")).await.map_err(|refusal| match refusal.code() {
        "42501" => Error::new(Kind::Server, "waygate_owner may not create the schema waygate (SQLSTATE 42501)")
            .help("run `waygate setup` as an administrator: it hands the database to waygate_owner")
            .reported(refusal.into_report()),
        _ => refusal.error,
    })
}

/// Writes the row of a migration, in the transaction that is open; `how` it came to be there.
pub(super) async fn record(
    conn: &Maintenance,
    migration: &Migration,
    took: Duration,
    how: &str,
) -> Result<(), Refusal> {
    conn.rows(
        RECORD,
        &[
            (&migration.id(), Type::TEXT),
            (&migration.checksum().as_slice(), Type::BYTEA),
            (&milliseconds(took), Type::INT8),
            (&env!("CARGO_PKG_VERSION"), Type::TEXT),
            (&migration.words().as_slice(), Type::BYTEA),
            (&migration.up().as_ref(), Type::TEXT),
            (&how, Type::TEXT),
        ],
    )
    .await
    .map(drop)
}

const FILL: &str =
    "UPDATE waygate.migrations SET words = $3, up_sql = $4 WHERE id = $1 AND checksum = $2 AND up_sql IS NULL";

/// Brings a ledger of an earlier form up to date, with the texts of what was applied as far as the files are still those.
pub(super) async fn upgrade(conn: &Maintenance, files: &[Migration]) -> Result<()> {
    if !exists(conn).await? || is_current(conn).await? {
        return Ok(());
    }
    conn.run("BEGIN").await?;
    let work = async || -> Result<()> {
        ensure(conn).await?;
        for file in files {
            write_text(conn, FILL, file).await?;
        }
        conn.run("COMMIT").await.map_err(Error::from)
    };
    let outcome = work().await;
    if outcome.is_err() {
        // It can only fail with the connection, and then the server rolls back by itself.
        conn.run("ROLLBACK").await.ok();
    }
    outcome
}

const REHASH: &str = "UPDATE waygate.migrations SET checksum = $2, words = $3, up_sql = $4 WHERE id = $1";

/// Takes over the file's text into its row; says whether there is one.
pub(super) async fn rehash(conn: &Maintenance, file: &Migration) -> Result<bool, Refusal> {
    write_text(conn, REHASH, file).await.map(|rows| rows > 0)
}

async fn write_text(conn: &Maintenance, sql: &str, file: &Migration) -> Result<u64, Refusal> {
    let (checksum, words, up) = (file.checksum(), file.words(), file.up());
    let parameters: [(&(dyn postgres_types::ToSql + Sync), Type); 4] = [
        (&file.id(), Type::TEXT),
        (&checksum.as_slice(), Type::BYTEA),
        (&words.as_slice(), Type::BYTEA),
        (&up.as_ref(), Type::TEXT),
    ];
    conn.execute(sql, &parameters).await
}

/// Takes over the text of a step that began.
pub(super) async fn rehash_step(conn: &Maintenance, id: &str, step: &Step<'_>) -> Result<(), Refusal> {
    const REHASH: &str = "UPDATE waygate.migration_steps SET checksum = $3 WHERE id = $1 AND step = $2";
    let checksum = step.checksum();
    let parameters: [(&(dyn postgres_types::ToSql + Sync), Type); 3] =
        [(&id, Type::TEXT), (&step.number, Type::INT4), (&checksum.as_slice(), Type::BYTEA)];
    conn.execute(REHASH, &parameters).await.map(drop)
}

/// Forgets a migration: its row, and those of its steps.
pub(super) async fn forget(conn: &Maintenance, id: &str) -> Result<(), Refusal> {
    conn.execute("DELETE FROM waygate.migrations WHERE id = $1", &[(&id, Type::TEXT)]).await?;
    conn.execute("DELETE FROM waygate.migration_steps WHERE id = $1", &[(&id, Type::TEXT)]).await.map(drop)
}

/// Forgets that a step began.
pub(super) async fn forget_step(conn: &Maintenance, id: &str, step: i32) -> Result<(), Refusal> {
    const FORGET: &str = "DELETE FROM waygate.migration_steps WHERE id = $1 AND step = $2";
    conn.execute(FORGET, &[(&id, Type::TEXT), (&step, Type::INT4)]).await.map(drop)
}

/// Notes that a step begins.
pub(super) async fn start_step(conn: &Maintenance, id: &str, step: &Step<'_>) -> Result<(), Refusal> {
    let (kind, checksum) = (step.kind.as_str(), step.checksum());
    let step = step.number;
    let parameters: [(&(dyn postgres_types::ToSql + Sync), Type); 4] =
        [(&id, Type::TEXT), (&step, Type::INT4), (&kind, Type::TEXT), (&checksum.as_slice(), Type::BYTEA)];
    conn.rows(START_STEP, &parameters).await.map(drop)
}

/// Notes that a step is done.
pub(super) async fn finish_step(conn: &Maintenance, id: &str, step: i32) -> Result<(), Refusal> {
    conn.rows(FINISH_STEP, &[(&id, Type::TEXT), (&step, Type::INT4)]).await.map(drop)
}

/// Notes why a step failed: what the server said of it.
pub(super) async fn fail_step(
    conn: &Maintenance,
    id: &str,
    step: &Step<'_>,
    code: Option<&str>,
    message: &str,
) -> Result<(), Refusal> {
    let checksum = step.checksum();
    let parameters: [(&(dyn postgres_types::ToSql + Sync), Type); 6] = [
        (&id, Type::TEXT),
        (&step.number, Type::INT4),
        (&step.kind.as_str(), Type::TEXT),
        (&checksum.as_slice(), Type::BYTEA),
        (&code, Type::TEXT),
        (&message, Type::TEXT),
    ];
    conn.rows(FAIL_STEP, &parameters).await.map(drop)
}

/// Notes how far a backfill has come.
pub(super) async fn checkpoint(conn: &Maintenance, id: &str, step: i32, progress: &str) -> Result<(), Refusal> {
    conn.rows(CHECKPOINT, &[(&id, Type::TEXT), (&step, Type::INT4), (&progress, Type::TEXT)]).await.map(drop)
}

pub(super) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
