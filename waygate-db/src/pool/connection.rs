//! One connection: the client, whether it is clean, and the statements prepared on it.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use postgres_types::Type;
use tokio_postgres::{Client, Statement};

use crate::error::Result;
use crate::value::Param;

/// How many prepared statements a connection keeps; the least recently used gives way.
const KEPT_STATEMENTS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

/// A connection and what must be known of it before it is lent again.
pub struct Connection {
    client: Client,
    dirty: AtomicBool,
    statements: Mutex<LruCache<Box<str>, Statement>>,
}

impl Connection {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, dirty: AtomicBool::new(false), statements: Mutex::new(LruCache::new(KEPT_STATEMENTS)) }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Closed, or possibly inside a transaction that nobody will end.
    pub(crate) fn is_broken(&self) -> bool {
        self.dirty.load(Ordering::Acquire) || self.client.is_closed()
    }

    /// Call before the first byte of a transaction is sent.
    pub(crate) fn mark_dirty(&self) {
        self.dirty.store(true, Ordering::Release);
    }

    /// Call when COMMIT or ROLLBACK was answered.
    pub(crate) fn mark_clean(&self) {
        self.dirty.store(false, Ordering::Release);
    }

    /// The prepared statement for this text, prepared now if the connection has none: one more round trip.
    ///
    /// Dropping the future loses at most the statement.
    pub(crate) async fn statement(&self, text: &str, params: &[Param]) -> Result<Statement> {
        if let Some(known) = self.statements().get(text) {
            return Ok(known.clone());
        }
        let types: Vec<Type> = params.iter().map(|param| param.ty().clone()).collect();
        let prepared = self.client.prepare_typed(text, &types).await?;
        self.statements().put(text.into(), prepared.clone());
        Ok(prepared)
    }

    /// Drops the prepared statement for this text, after a change of the tables made it stale.
    pub(crate) fn forget(&self, text: &str) {
        self.statements().pop(text);
    }

    fn statements(&self) -> MutexGuard<'_, LruCache<Box<str>, Statement>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
