//! The lock that lets one deploy at a time work on a database.
//!
//! It belongs to the session that runs the SQL: when that session ends, by whatever cause, the lock is free and the
//! open transaction is rolled back. It is polled, never waited for: a session that waits inside
//! `pg_advisory_lock` holds a snapshot, on which CREATE INDEX CONCURRENTLY of the holder waits in turn.

use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::deploy::{Progress, Watch};
use crate::backoff::Backoff;
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// `wayg` in ASCII, and the first lock of that name.
const TAKE: &str = "SELECT pg_try_advisory_lock(2002876775, 1)";
const RELEASE: &str = "SELECT pg_advisory_unlock(2002876775, 1)";

/// The rows of `pg_locks` that are this lock in this database.
macro_rules! this_lock {
    () => {
        "lock.locktype = 'advisory' AND lock.classid = 2002876775 AND lock.objid = 1 AND lock.objsubid = 2 AND lock.granted \
         AND lock.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
    };
}

const HOLDER: &str = concat!(
    "SELECT lock.pid, coalesce(activity.application_name, ''), \
     extract(epoch FROM clock_timestamp() - activity.backend_start)::bigint \
     FROM pg_locks lock LEFT JOIN pg_stat_activity activity USING (pid) WHERE ",
    this_lock!()
);

/// A condition: this session holds the lock. In a transaction it is proof, since a pooler cannot change servers there.
pub(super) const HELD: &str = concat!(
    "EXISTS (SELECT FROM pg_catalog.pg_locks lock WHERE lock.pid = pg_catalog.pg_backend_pid() AND ",
    this_lock!(),
    ")"
);

const FIRST_WAIT: Duration = Duration::from_millis(25);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The session that holds the deploy lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The server's process id, which `pg_terminate_backend` takes.
    pub pid: i32,
    /// The name the session gave itself; empty when it gave none.
    pub application_name: String,
    /// How long the session has been connected; unknown when it belongs to another login.
    pub connected_seconds: Option<i64>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        if !self.application_name.is_empty() {
            write!(f, ", {:?}", self.application_name)?;
        }
        match self.connected_seconds {
            Some(seconds) => write!(f, ", connected for {seconds} s"),
            None => Ok(()),
        }
    }
}

/// Takes the lock, waiting for at most this long.
pub(super) async fn take(conn: &Maintenance, longest: Duration, progress: &mut Watch<'_>) -> Result<()> {
    let started = Instant::now();
    let mut backoff = Backoff::new(FIRST_WAIT, LONGEST_WAIT);
    loop {
        if ask(conn, TAKE).await? {
            return Ok(());
        }
        let holder = holder(conn).await?;
        let left = longest.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Err(locked(holder.as_ref(), longest));
        }
        progress(Progress::Waiting { holder: holder.as_ref(), waited: started.elapsed() });
        tokio::time::sleep(backoff.step().min(left)).await;
    }
}

/// Does work on the ledger under the lock, and lets it go.
pub(super) async fn under<T>(
    conn: &Maintenance,
    longest: Duration,
    progress: &mut Watch<'_>,
    work: impl AsyncFnOnce() -> Result<T>,
) -> Result<T> {
    take(conn, longest, progress).await?;
    let outcome = work().await;
    let released = release(conn).await;
    // The first error is the one to tell; a broken connection has released the lock by itself.
    let done = outcome?;
    released?;
    Ok(done)
}

/// Lets the lock go; false when this session did not hold it any more.
pub(super) async fn release(conn: &Maintenance) -> Result<bool> {
    ask(conn, RELEASE).await
}

/// Who holds the lock. Asked as the login itself: `waygate_owner` may not see since when another login is connected.
pub(super) async fn holder(conn: &Maintenance) -> Result<Option<Holder>> {
    conn.run("BEGIN READ ONLY; SET LOCAL ROLE NONE").await?;
    let rows = conn.rows(HOLDER, &[]).await;
    conn.run("ROLLBACK").await?;
    let rows = rows?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Holder { pid: row.read(0)?, application_name: row.read(1)?, connected_seconds: row.read(2)? }))
}

async fn ask(conn: &Maintenance, sql: &'static str) -> Result<bool> {
    conn.rows(sql, &[]).await?.first().map_or(Ok(false), |row| row.read(0))
}

fn locked(holder: Option<&Holder>, waited: Duration) -> Error {
    let who = holder.map_or_else(|| "a session that has just ended".to_owned(), Holder::to_string);
    let advice = match holder {
        Some(holder) => format!("wait for it; if it hangs, end it with SELECT pg_terminate_backend({})", holder.pid),
        None => "run the deploy again".to_owned(),
    };
    Error::new(
        Kind::MigrationLocked,
        format!("another deploy holds the lock: {who}; waited {waited:?}. Nothing was changed"),
    )
    .help(advice)
}
