//! One connection: the client, whether it is clean, and the statements prepared on it.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use postgres_types::Type;
use tokio_postgres::{Client, Statement as Prepared};

use crate::error::{Error, Kind, Result};
use crate::sql::Statement;

/// How many prepared statements a connection keeps; the least recently used gives way.
const KEPT_STATEMENTS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

/// How many parameters a statement can have: the protocol counts them in 16 bits.
const MOST_PARAMETERS: usize = u16::MAX as usize;

/// How statements are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Statements {
    /// Prepared once on each connection, and kept: the fastest. For direct connections, session poolers, and PgBouncer
    /// from 1.21 on with `max_prepared_statements`.
    #[default]
    Cached,
    /// Parsed anew each time, under no name: for every transaction pooler. A URL with `pgbouncer=true` means this one.
    Unnamed,
}

/// How one statement goes to the server, all round trips of preparing it done.
#[derive(Debug)]
pub(crate) enum Ready {
    /// By its prepared form on this connection.
    Prepared(Prepared),
    /// With its text.
    Unnamed,
}

/// A connection and what must be known of it before it is lent again.
pub struct Connection {
    client: Client,
    dirty: AtomicBool,
    mode: Statements,
    statements: Mutex<LruCache<Box<str>, Prepared>>,
}

impl Connection {
    pub(crate) fn new(client: Client, mode: Statements) -> Self {
        let statements = Mutex::new(LruCache::new(KEPT_STATEMENTS));
        Self { client, dirty: AtomicBool::new(false), mode, statements }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Closed, or possibly inside a transaction that nobody will end.
    pub(crate) fn is_broken(&self) -> bool {
        self.dirty.load(Ordering::Acquire) || self.client.is_closed()
    }

    /// Runs a request outside a transaction: until the server has answered, the connection is dirty, so that a dropped
    /// future does not hand a busy connection to the next borrower.
    pub(crate) async fn busy<T, E: Into<Error>>(&self, request: impl Future<Output = Result<T, E>>) -> Result<T> {
        let was_dirty = self.dirty.swap(true, Ordering::AcqRel);
        let result = request.await.map_err(Into::into);
        let answered = result.as_ref().err().is_none_or(|error: &Error| error.code().is_some());
        if answered && !was_dirty {
            self.mark_clean();
        }
        result
    }

    /// Call before the first byte of a transaction is sent.
    pub(crate) fn mark_dirty(&self) {
        self.dirty.store(true, Ordering::Release);
    }

    /// Call when COMMIT or ROLLBACK was answered.
    pub(crate) fn mark_clean(&self) {
        self.dirty.store(false, Ordering::Release);
    }

    /// Makes a statement ready to be sent. Where statements are kept and the connection has none for this text, it is
    /// prepared now: one more round trip.
    ///
    /// Dropping the future loses at most the statement.
    pub(crate) async fn ready(&self, statement: &Statement) -> Result<Ready> {
        let Statement { text, params, access: _, candour: _ } = statement;
        if params.len() > MOST_PARAMETERS {
            return Err(Error::new(
                Kind::InvalidQuery,
                format!("a statement takes {MOST_PARAMETERS} values at most; this one has {}", params.len()),
            )
            .help("pass a list as one array with `in_`, or split the query"));
        }
        if self.mode == Statements::Unnamed {
            return Ok(Ready::Unnamed);
        }
        if let Some(known) = self.statements().get(text.as_str()) {
            return Ok(Ready::Prepared(known.clone()));
        }
        let types: Vec<Type> = params.iter().map(|param| param.ty().clone()).collect();
        let prepared = self.busy(self.client.prepare_typed(text, &types)).await?;
        self.statements().put(text.as_str().into(), prepared.clone());
        Ok(Ready::Prepared(prepared))
    }

    /// Drops the prepared statement for this text, after a change of the tables made it stale.
    pub(crate) fn forget(&self, text: &str) {
        self.statements().pop(text);
    }

    fn statements(&self) -> MutexGuard<'_, LruCache<Box<str>, Prepared>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
