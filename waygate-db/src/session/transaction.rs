//! [`Transaction`]: the same verbs, in one transaction of a scope.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::access::{ActsAsService, NamesTenant, ReachesShared, ReachesTenantData, sealed};
use super::opening::Opening;
use super::{Executor, Reply, flight};
use crate::error::{Error, Kind, Result};
use crate::keys::Vault;
use crate::pool::{Connection, Lease};
use crate::schema::Dialect;
use crate::sql::{Candour, Statement};
use crate::value::TenantId;

/// An open transaction of a scope, lent to the closure given to the scope's `transaction`.
///
/// It carries what its scope carries. It cannot leave the closure, so it cannot be used after its end.
pub struct Transaction<S> {
    scope: S,
    lease: Lease,
    /// Statements that were sent and not answered well. One that failed dooms the transaction; of one whose future was
    /// dropped nobody knows.
    unconfirmed: AtomicUsize,
    /// The least candour of its statements, for what is refused at COMMIT.
    candour: Mutex<Candour>,
}

/// A scope that can open a transaction.
pub trait Transactional: Executor {
    /// A connection of the scope's login.
    fn lease(&self) -> impl Future<Output = Result<Lease>> + Send;

    /// A connection of the scope's login outside the pool.
    fn connect_aside(&self) -> impl Future<Output = Result<Connection>> + Send;

    /// What opens a transaction that may write, where more than `BEGIN` does.
    fn opening(&self) -> Result<Option<Opening>>;

    /// Why the service acts, where it does.
    fn reason(&self) -> Option<&str>;
}

impl<S: Transactional> Transaction<S> {
    /// Opens a transaction, runs `work` in it and ends it.
    ///
    /// Dropping the future leaves the connection dirty, so it is closed and the server rolls back.
    pub(super) async fn run<T, E, F>(scope: S, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&Self) -> Result<T, E>,
        E: From<Error>,
    {
        let opening = scope.opening()?.unwrap_or_else(Opening::plain);
        let lease = scope.lease().await?;
        flight::open(&lease, &opening).await?;
        let transaction = Self { scope, lease, unconfirmed: AtomicUsize::new(0), candour: Mutex::new(Candour::Open) };
        let result = work(&transaction).await;
        match result {
            Ok(value) => transaction.commit().await.map(|()| value).map_err(E::from),
            Err(error) => {
                // The work's error is the one to report; a connection that does not roll back is discarded.
                let _ = transaction.end("ROLLBACK").await;
                Err(error)
            }
        }
    }

    async fn commit(&self) -> Result<()> {
        if self.unconfirmed.load(Ordering::Acquire) > 0 {
            self.end("ROLLBACK").await?;
            return Err(Error::new(
                Kind::TransactionAborted,
                "a statement of this transaction failed or was abandoned, so all of it was rolled back",
            )
            .help("await every statement, and return its error from the closure instead of going on"));
        }
        self.end("COMMIT").await
    }

    fn note(&self, candour: Candour) {
        let mut least = self.candour();
        *least = least.max(candour);
    }

    fn candour(&self) -> MutexGuard<'_, Candour> {
        self.candour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn end(&self, how: &str) -> Result<()> {
        let ended = self.lease.client().batch_execute(how).await;
        ended.map_err(|error| flight::refused_at_end(&error, *self.candour()))?;
        self.lease.mark_clean();
        Ok(())
    }
}

impl<S: Transactional> sealed::Sealed for Transaction<S> {}

impl<S: Transactional> Executor for Transaction<S> {
    fn confined_to(&self) -> Option<TenantId> {
        self.scope.confined_to()
    }

    fn dialect(&self) -> &Dialect {
        self.scope.dialect()
    }

    fn vault(&self) -> &Vault {
        self.scope.vault()
    }

    async fn run(&self, statement: Statement) -> Result<Reply> {
        self.unconfirmed.fetch_add(1, Ordering::AcqRel);
        self.note(statement.candour);
        let result = flight::within(&self.lease, self.scope.reason(), &statement).await;
        if result.is_ok() {
            self.unconfirmed.fetch_sub(1, Ordering::AcqRel);
        }
        result.map_err(|error| if self.confined_to().is_none() { error.without_tenant() } else { error })
    }

    /// On a connection of its own outside the pool: the pool's last connection may be the one this transaction holds.
    async fn run_aside(&self, statement: Statement) -> Result<Reply> {
        let opening = self.scope.opening()?.unwrap_or_else(Opening::plain);
        let connection = self.scope.connect_aside().await?;
        flight::scoped(&connection, &opening, &statement).await
    }
}

impl<S: Transactional + ReachesShared> ReachesShared for Transaction<S> {}
impl<S: Transactional + ReachesTenantData> ReachesTenantData for Transaction<S> {}
impl<S: Transactional + NamesTenant> NamesTenant for Transaction<S> {}
impl<S: Transactional + ActsAsService> ActsAsService for Transaction<S> {}

impl<S: fmt::Debug> fmt::Debug for Transaction<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("scope", &self.scope).finish_non_exhaustive()
    }
}
