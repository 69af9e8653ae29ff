//! A second session that looks what the first one waits for, and how far its index is built.

use std::fmt;
use std::pin::pin;
use std::time::Duration;

use postgres_types::Type;

use super::deploy::{Progress, Watch};
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(1);

const BLOCKERS: &str = "SELECT pid, coalesce(application_name, ''), coalesce(usename::text, ''), coalesce(state, ''),
        extract(epoch FROM clock_timestamp() - coalesce(xact_start, backend_start))::bigint
    FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY xact_start";
const BUILDING: &str = "SELECT phase, coalesce(blocks_total, 0), coalesce(blocks_done, 0), coalesce(tuples_total, 0), coalesce(tuples_done, 0)
    FROM pg_stat_progress_create_index WHERE pid = $1";

/// A session that holds what another waits for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Blocker {
    /// The server's process id, which `pg_terminate_backend` takes.
    pub pid: i32,
    /// The name the session gave itself.
    pub application_name: String,
    /// Its login.
    pub login: String,
    /// What it does: `active`, `idle in transaction`.
    pub state: String,
    /// For how long its transaction has been open.
    pub seconds: Option<i64>,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.pid)?;
        for part in [&self.login, &self.application_name, &self.state].into_iter().filter(|part| !part.is_empty()) {
            write!(f, ", {part}")?;
        }
        self.seconds.map_or(Ok(()), |seconds| write!(f, " for {seconds} s"))
    }
}

/// Runs a statement of `conn`, and tells of what it waits for and of the index that it builds.
pub(super) async fn watched<T>(
    conn: &Maintenance,
    id: &str,
    work: impl Future<Output = T>,
    progress: &mut Watch<'_>,
) -> T {
    let mut work = pin!(work);
    // Most statements are over before anybody would look.
    tokio::select! {
        biased;
        done = &mut work => return done,
        () = tokio::time::sleep(INTERVAL) => {}
    }
    let beside = conn.beside().await.ok();
    loop {
        if let Some(beside) = &beside {
            look(beside, conn.pid(), id, progress).await.ok();
        }
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn look(beside: &Maintenance, pid: i32, id: &str, progress: &mut Watch<'_>) -> Result<()> {
    let rows = beside.rows(BLOCKERS, &[(&pid, Type::INT4)]).await?;
    let mut blockers = Vec::with_capacity(rows.len());
    for row in &rows {
        blockers.push(Blocker {
            pid: row.read(0)?,
            application_name: row.read(1)?,
            login: row.read(2)?,
            state: row.read(3)?,
            seconds: row.read(4)?,
        });
    }
    if !blockers.is_empty() {
        progress(Progress::Blocked { id, blockers: &blockers });
    }
    for row in &beside.rows(BUILDING, &[(&pid, Type::INT4)]).await? {
        let phase: String = row.read(0)?;
        let numbers: [i64; 4] = [row.read(1)?, row.read(2)?, row.read(3)?, row.read(4)?];
        let percent = match numbers {
            [blocks, done, 0, _] if blocks > 0 => Some(done.saturating_mul(100) / blocks),
            [.., tuples, done] if tuples > 0 => Some(done.saturating_mul(100) / tuples),
            _ => None,
        };
        progress(Progress::Building { id, phase: &phase, percent });
    }
    Ok(())
}

/// How long a second session may take to begin a transaction; a pooler may have no server connection left for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Refuses a connection through a transaction pooler: it lends the server's session to others between two statements, and
/// the deploy's lock with it. Asked before the lock is taken, which would stay behind in the pooler.
///
/// While this session is idle a second one opens a transaction. A pooler gives it the same server process, or gives this
/// session another one meanwhile.
pub(super) async fn refuse_pooler(conn: &Maintenance) -> Result<()> {
    // Where a second session is refused, it is by a limit; the lock is checked in every transaction anyway.
    let Ok(beside) = conn.beside().await else { return Ok(()) };
    let shared = tokio::time::timeout(PATIENCE, shares_server(conn, &beside)).await;
    drop(beside);
    // Only a pooler lets one session wait for the end of another's transaction.
    if shared.unwrap_or(Ok(true))? {
        let message = "this connection goes through a transaction pooler, which keeps no session's lock";
        return Err(
            Error::new(Kind::Config, message).help("set WAYGATE_MIGRATOR_URL to the server itself, past the pooler")
        );
    }
    Ok(())
}

async fn shares_server(conn: &Maintenance, beside: &Maintenance) -> Result<bool> {
    let pid = async |session: &Maintenance| -> Result<i32> {
        session.rows("SELECT pg_catalog.pg_backend_pid()", &[]).await?.first().map_or(Ok(0), |row| row.read(0))
    };
    let own = pid(conn).await?;
    beside.run("BEGIN").await?;
    // With one server connection for all, this session would wait for the other one's end.
    if own != conn.pid() || own == pid(beside).await? {
        return Ok(true);
    }
    let again = pid(conn).await?;
    beside.run("ROLLBACK").await?;
    Ok(own != again)
}
