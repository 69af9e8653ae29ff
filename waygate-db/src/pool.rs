//! Connections: a bb8 pool over tokio-postgres, with a connection state of our own and a fair queue before it.
//!
//! bb8's own check-out test is off, because it costs a round trip; a closed connection is noticed without one. bb8 lets
//! a task that returns a connection and asks again overtake the waiters, so a semaphore that serves first in, first out
//! stands before it.

mod connection;
pub(crate) mod driver;
mod manager;
mod raised;
mod version;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Kind, Result};
use crate::url::DatabaseUrl;

pub use connection::Statements;
pub(crate) use connection::{Connection, Ready};
pub(crate) use manager::Manager;
pub(crate) use version::{OLDEST_SERVER, too_old};

/// A pool's size and patience.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The most connections open at once.
    pub(crate) size: u32,
    /// How long a caller waits for a connection.
    pub(crate) wait: Duration,
}

/// bb8 does not take a wait of zero.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Connections of one login.
#[derive(Clone)]
pub(crate) struct Pool {
    connections: bb8::Pool<Manager>,
    gate: Arc<Semaphore>,
    limits: Limits,
    last_failure: LastFailure,
    manager: Manager,
}

/// A connection on loan. The connection returns before its place in the queue does.
pub struct Lease {
    connection: bb8::PooledConnection<'static, Manager>,
    _place: OwnedSemaphorePermit,
}

impl std::ops::Deref for Lease {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Pool {
    /// A pool for this login. Nothing is opened before the first [`get`](Self::get).
    pub(crate) fn new(url: &DatabaseUrl, application_name: &str, limits: Limits, mode: Statements) -> Self {
        let manager = Manager::new(url, application_name, mode);
        let last_failure = LastFailure::default();
        let connections = bb8::Pool::builder()
            .max_size(limits.size.max(1))
            .connection_timeout(limits.wait.max(SHORTEST_WAIT))
            .test_on_check_out(false)
            .error_sink(Box::new(last_failure.clone()))
            .build_unchecked(manager.clone());
        let gate = Arc::new(Semaphore::new(limits.size.max(1) as usize));
        Self { connections, gate, limits, last_failure, manager }
    }

    /// Takes a connection, waiting in line for at most the pool's wait time.
    ///
    /// Dropping the future gives up the place in line; no connection is lost.
    pub(crate) async fn get(&self) -> Result<Lease> {
        let waiting = tokio::time::timeout(self.limits.wait, Arc::clone(&self.gate).acquire_owned());
        let place = waiting.await.map_err(|_| self.timed_out())?.map_err(|_| closed())?;
        // Every idle connection may be closed, after the server restarted: each try takes one of them out.
        for _ in 0..=self.limits.size {
            let connection = self.connection().await?;
            if !connection.is_broken() {
                return Ok(Lease { connection, _place: place });
            }
        }
        Err(self.timed_out())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that takes connections from bb8")]
    async fn connection(&self) -> Result<bb8::PooledConnection<'static, Manager>> {
        self.connections.get_owned().await.map_err(|error| match error {
            bb8::RunError::User(error) => error,
            bb8::RunError::TimedOut => self.timed_out(),
        })
    }

    /// Opens a connection that is not the pool's, for what must not wait for the pool nor share its transaction.
    pub(crate) async fn connect_aside(&self) -> Result<Connection> {
        if self.gate.is_closed() {
            return Err(closed());
        }
        bb8::ManageConnection::connect(&self.manager).await
    }

    /// Refuses all further calls. Work under way goes on; connections close with the last handle on the pool.
    pub(crate) fn close(&self) {
        self.gate.close();
    }

    fn timed_out(&self) -> Error {
        let waited = self.limits.wait;
        match self.last_failure.take(waited) {
            Some(failure) => failure,
            None => Error::new(Kind::PoolTimeout, format!("no database connection became free within {waited:?}"))
                .help("hold connections for a shorter time, or raise the pool's size or its wait"),
        }
    }
}

fn closed() -> Error {
    Error::new(Kind::Closed, "this database handle was closed").help("take handles from a `Db` that is still open")
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("manager", &self.manager).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Why the pool's latest attempt to connect failed: bb8 tells a sink, not the caller who waits.
#[derive(Debug, Clone, Default)]
struct LastFailure(Arc<Mutex<Option<(Instant, Error)>>>);

impl LastFailure {
    /// The failure, if it is not older than a caller has waited.
    fn take(&self, waited: Duration) -> Option<Error> {
        let (at, failure) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        (at.elapsed() <= waited).then_some(failure)
    }
}

impl bb8::ErrorSink<Error> for LastFailure {
    fn sink(&self, error: Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), error));
    }

    fn boxed_clone(&self) -> Box<dyn bb8::ErrorSink<Error>> {
        Box::new(self.clone())
    }
}
