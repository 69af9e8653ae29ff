//! [`ServiceScope`]: a handle for work across tenants, by its own login, announced before its first statement.

use std::fmt;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::access::{ActsAsService, ReachesShared, ReachesTenantData, sealed};
use super::db::Login;
use super::opening::{Behalf, Opening};
use super::transaction::{Transaction, Transactional};
use super::{Db, Executor, Reply, TenantScope};
use crate::error::{Error, Result};
use crate::keys::Vault;
use crate::pool::{Connection, Lease};
use crate::schema::Dialect;
use crate::sql::{Access, Statement};
use crate::value::{Param, TenantId};

/// A handle for the service's work: it reads and changes all tenants' rows, and alone may write the tenant table and
/// reference data. To insert a tenant's rows, take [`for_tenant`](Self::for_tenant).
///
/// Before its first statement, one row with the reason is committed to `waygate.service_log`; a later rollback does
/// not take it back.
#[derive(Clone)]
pub struct ServiceScope {
    db: Db,
    announcement: Arc<Announcement>,
}

impl ServiceScope {
    pub(super) fn new(db: Db, reason: String) -> Self {
        Self { db, announcement: Arc::new(Announcement { reason, made: OnceCell::new() }) }
    }

    /// Why the service acts.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.announcement.reason
    }

    fn behalf(&self) -> Behalf<'_> {
        Behalf::Service(Some(&self.announcement.reason), None)
    }

    /// A handle confined to one tenant, with the service's login and this scope's reason.
    #[must_use]
    pub fn for_tenant(&self, tenant: TenantId) -> TenantScope {
        TenantScope::of_service(self.db.clone(), tenant, Arc::clone(&self.announcement))
    }

    /// Runs `work` in one transaction: committed when it returns `Ok`, rolled back when it returns an error.
    ///
    /// # Errors
    ///
    /// As [`TenantScope::transaction`].
    pub async fn transaction<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&Transaction<Self>) -> Result<T, E>,
        E: From<Error>,
    {
        Transaction::run(self.clone(), work).await
    }
}

/// The row in `waygate.service_log` that a service scope commits once, before anything else.
pub(super) struct Announcement {
    reason: String,
    made: OnceCell<()>,
}

impl Announcement {
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// Commits the row, unless it was. Dropping the future leaves it to the next statement; at worst there are two rows.
    pub(super) async fn make(&self, db: &Db) -> Result<()> {
        let write = async || {
            let reason = Param::of(&self.reason)?;
            let insert = Statement::write("INSERT INTO waygate.service_log (reason) VALUES ($1)", vec![reason]);
            db.run_as(Login::Service, Behalf::Service(None, None), &insert).await.map(drop)
        };
        self.made.get_or_try_init(write).await.copied()
    }
}

impl sealed::Sealed for ServiceScope {}

impl Executor for ServiceScope {
    fn confined_to(&self) -> Option<TenantId> {
        None
    }

    fn dialect(&self) -> &Dialect {
        self.db.dialect()
    }

    fn vault(&self) -> &Vault {
        self.db.keys()
    }

    async fn run(&self, statement: Statement) -> Result<Reply> {
        self.announcement.make(&self.db).await?;
        self.db.run_as(Login::Service, self.behalf(), &statement).await.map_err(Error::without_tenant)
    }

    async fn run_aside(&self, statement: Statement) -> Result<Reply> {
        self.run(statement).await
    }
}

impl Transactional for ServiceScope {
    async fn lease(&self) -> Result<Lease> {
        self.announcement.make(&self.db).await?;
        self.db.lease(Login::Service).await
    }

    async fn connect_aside(&self) -> Result<Connection> {
        self.db.pool(Login::Service)?.connect_aside().await
    }

    fn opening(&self) -> Result<Option<Opening>> {
        self.db.opening(Access::Write, self.behalf())
    }

    fn reason(&self) -> Option<&str> {
        Some(&self.announcement.reason)
    }
}

impl ReachesShared for ServiceScope {}
impl ReachesTenantData for ServiceScope {}
impl ActsAsService for ServiceScope {}

impl fmt::Debug for ServiceScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceScope").field("reason", &self.announcement.reason).finish_non_exhaustive()
    }
}
