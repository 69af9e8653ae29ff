//! [`TenantScope`]: a handle confined to one tenant.

use std::fmt;
use std::sync::Arc;

use super::access::{NamesTenant, ReachesShared, ReachesTenantData, sealed};
use super::db::Login;
use super::service::Announcement;
use super::transaction::{Transaction, Transactional};
use super::{Db, Executor, Reply, flight};
use crate::error::{Error, Result};
use crate::keys::Vault;
use crate::pool::{Connection, Lease};
use crate::sql::{Access, Statement};
use crate::value::TenantId;

/// A handle for one tenant's data: every statement runs with the tenant set, and names it too.
///
/// Cheap to clone; by `&self`, so several calls may run at once.
#[derive(Clone)]
pub struct TenantScope {
    db: Db,
    tenant: TenantId,
    /// Set when the service writes for the tenant, with the service's login.
    service: Option<Arc<Announcement>>,
}

impl TenantScope {
    pub(super) fn new(db: Db, tenant: TenantId) -> Self {
        Self { db, tenant, service: None }
    }

    pub(super) fn of_service(db: Db, tenant: TenantId, announcement: Arc<Announcement>) -> Self {
        Self { db, tenant, service: Some(announcement) }
    }

    /// The tenant.
    #[must_use]
    pub fn id(&self) -> TenantId {
        self.tenant
    }

    /// Runs `work` in one transaction: committed when it returns `Ok`, rolled back when it returns an error.
    ///
    /// Dropping the future rolls back. A statement that fails inside dooms the transaction, even if `work` goes on.
    ///
    /// # Errors
    ///
    /// The error of `work`; [`is_transaction_aborted`](Error::is_transaction_aborted) when `work` returned `Ok` although
    /// a statement had failed; the connection's errors.
    ///
    /// ```no_run
    /// # use waygate_db::{Id, Model, Result, TenantId, TenantScope};
    /// # #[derive(Model)] #[model(table = "notes")] struct Note {
    /// #     #[model(key)] id: Id<Note>, #[model(tenant)] tenant_id: TenantId, text: String }
    /// # async fn example(acme: TenantScope) -> Result<()> {
    /// acme.transaction(async |tx| {
    ///     let note = Note::create().text("draft").insert(tx).await?;
    ///     Note::update(note.id).text("final").exec(tx).await
    /// })
    /// .await
    /// # }
    /// ```
    pub async fn transaction<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&Transaction<Self>) -> Result<T, E>,
        E: From<Error>,
    {
        Transaction::run(self.clone(), work).await
    }

    fn login(&self) -> Login {
        if self.service.is_some() { Login::Service } else { Login::App }
    }

    /// What opens a transaction for this tenant. The UUID is typed, so there is nothing to inject.
    fn begin(&self, access: Access) -> String {
        let mode = match access {
            Access::Read => " READ ONLY",
            Access::Write => "",
        };
        format!("BEGIN{mode}; SET LOCAL waygate.tenant_id = '{}'", self.tenant)
    }
}

impl sealed::Sealed for TenantScope {}

impl Executor for TenantScope {
    fn confined_to(&self) -> Option<TenantId> {
        Some(self.tenant)
    }

    fn vault(&self) -> &Vault {
        self.db.keys()
    }

    async fn run(&self, statement: Statement) -> Result<Reply> {
        let lease = self.lease().await?;
        flight::scoped(&lease, &self.begin(statement.access), &statement).await
    }

    async fn run_aside(&self, statement: Statement) -> Result<Reply> {
        self.run(statement).await
    }
}

impl Transactional for TenantScope {
    async fn lease(&self) -> Result<Lease> {
        if let Some(announcement) = &self.service {
            announcement.make(&self.db).await?;
        }
        self.db.lease(self.login()).await
    }

    async fn connect_aside(&self) -> Result<Connection> {
        self.db.pool(self.login())?.connect_aside().await
    }

    fn begin_writing(&self) -> String {
        self.begin(Access::Write)
    }
}

impl ReachesShared for TenantScope {}
impl ReachesTenantData for TenantScope {}
impl NamesTenant for TenantScope {}

impl fmt::Debug for TenantScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantScope")
            .field("tenant", &self.tenant)
            .field("login", &self.login())
            .finish_non_exhaustive()
    }
}
