//! The ledger `waygate.migrations`: one row per applied migration, written in the migration's own transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use postgres_types::Type;

use super::file::Migration;
use crate::error::{Error, Kind, Result};
use crate::session::{Maintenance, Refusal, Tuple};

/// Creates the ledger. Run under the lock: IF NOT EXISTS alone does not stand a race.
const CREATE: &str = "
    CREATE SCHEMA IF NOT EXISTS waygate;
    CREATE TABLE waygate.migrations (
        id           text        PRIMARY KEY,
        checksum     bytea       NOT NULL CHECK (octet_length(checksum) = 32),
        applied_at   timestamptz NOT NULL DEFAULT now(),
        applied_by   text        NOT NULL DEFAULT session_user,
        duration_ms  bigint      NOT NULL,
        tool_version text        NOT NULL
    );
    COMMENT ON TABLE waygate.migrations IS 'Applied migrations; written by `waygate migrate deploy` alone';
    REVOKE ALL ON waygate.migrations FROM PUBLIC";

const READ: &str = "SELECT id, checksum, applied_at, applied_by, duration_ms FROM waygate.migrations ORDER BY id";

const RECORD: &str = "INSERT INTO waygate.migrations (id, checksum, duration_ms, tool_version) VALUES ($1, $2, $3, $4)";

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
        })
    }
}

/// One row that says whether the ledger is there.
/// Looks in the catalog alone: who prepares a database may have no right on the schema.
pub(crate) const EXISTS: &str = "SELECT EXISTS (
    SELECT FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('waygate') AND relname = 'migrations')";

pub(super) async fn exists(conn: &Maintenance) -> Result<bool> {
    let rows = conn.rows(EXISTS, &[]).await?;
    rows.first().map_or(Ok(false), |row| row.read(0))
}

/// The applied migrations, oldest first; none when the ledger is not there.
pub(super) async fn read(conn: &Maintenance) -> Result<Vec<Applied>> {
    if !exists(conn).await? {
        return Ok(Vec::new());
    }
    conn.rows(READ, &[]).await?.iter().map(Applied::from_tuple).collect()
}

/// Creates the ledger where it is not there, in the transaction that is open: if that fails, no ledger stays behind.
pub(super) async fn ensure(conn: &Maintenance) -> Result<()> {
    if exists(conn).await? {
        return Ok(());
    }
    conn.run(CREATE).await.map_err(|refusal| match refusal.code() {
        "42501" => Error::new(Kind::Server, "waygate_owner may not create the schema waygate (SQLSTATE 42501)")
            .help("run `waygate setup` as an administrator: it hands the database to waygate_owner")
            .reported(refusal.into_report()),
        _ => refusal.error,
    })
}

/// Writes the row of a migration, in the transaction that is open.
pub(super) async fn record(conn: &Maintenance, migration: &Migration, took: Duration) -> Result<(), Refusal> {
    conn.rows(
        RECORD,
        &[
            (&migration.id(), Type::TEXT),
            (&migration.checksum().as_slice(), Type::BYTEA),
            (&milliseconds(took), Type::INT8),
            (&env!("CARGO_PKG_VERSION"), Type::TEXT),
        ],
    )
    .await
    .map(drop)
}

pub(super) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
