//! [`TenantScope`]: a handle confined to one tenant.

use std::fmt;
use std::sync::Arc;

use super::access::{NamesTenant, ReachesShared, ReachesTenantData, sealed};
use super::db::Login;
use super::opening::{Behalf, Opening};
use super::service::Announcement;
use super::transaction::{Transaction, Transactional};
use super::{Db, Executor, Reply};
use crate::error::{Error, Result};
use crate::keys::Vault;
use crate::pool::{Connection, Lease};
use crate::schema::Dialect;
use crate::sql::{Access, Statement};
use crate::value::TenantId;

/// A handle for one tenant's data: every statement runs with the tenant set, and names it too.
///
/// Cheap to clone; by `&self`, so several calls may run at once.
#[derive(Clone)]
pub struct TenantScope {
    db: Db,
    tenant: TenantId,
    acting: Acting,
}

/// Who acts for the tenant.
#[derive(Clone)]
enum Acting {
    /// Whoever was authenticated.
    Tenant,
    /// The holder of a verified token with these claims.
    #[cfg_attr(not(feature = "supabase"), expect(dead_code, reason = "tokens are that feature's"))]
    Holder(Arc<str>),
    /// The service, with its own login.
    Service(Arc<Announcement>),
}

impl TenantScope {
    pub(super) fn new(db: Db, tenant: TenantId) -> Self {
        Self { db, tenant, acting: Acting::Tenant }
    }

    #[cfg(feature = "supabase")]
    pub(super) fn of_holder(db: Db, tenant: TenantId, claims: Arc<str>) -> Self {
        Self { db, tenant, acting: Acting::Holder(claims) }
    }

    pub(super) fn of_service(db: Db, tenant: TenantId, announcement: Arc<Announcement>) -> Self {
        Self { db, tenant, acting: Acting::Service(announcement) }
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

    /// Says why the service acts, where it does.
    async fn announce(&self) -> Result<()> {
        match &self.acting {
            Acting::Service(announcement) => announcement.make(&self.db).await,
            Acting::Tenant | Acting::Holder(_) => Ok(()),
        }
    }

    fn login(&self) -> Login {
        match self.acting {
            Acting::Service(_) => Login::Service,
            Acting::Tenant | Acting::Holder(_) => Login::App,
        }
    }

    fn behalf(&self) -> Behalf<'_> {
        match &self.acting {
            Acting::Tenant => Behalf::Tenant(self.tenant),
            Acting::Holder(claims) => Behalf::Claims(self.tenant, claims),
            Acting::Service(announcement) => Behalf::Service(Some(announcement.reason()), Some(self.tenant)),
        }
    }
}

impl sealed::Sealed for TenantScope {}

impl Executor for TenantScope {
    fn confined_to(&self) -> Option<TenantId> {
        Some(self.tenant)
    }

    fn dialect(&self) -> &Dialect {
        self.db.dialect()
    }

    fn vault(&self) -> &Vault {
        self.db.keys()
    }

    async fn run(&self, statement: Statement) -> Result<Reply> {
        self.announce().await?;
        self.db.run_as(self.login(), self.behalf(), &statement).await
    }

    async fn run_aside(&self, statement: Statement) -> Result<Reply> {
        self.run(statement).await
    }
}

impl Transactional for TenantScope {
    async fn lease(&self) -> Result<Lease> {
        self.announce().await?;
        self.db.lease(self.login()).await
    }

    async fn connect_aside(&self) -> Result<Connection> {
        self.db.pool(self.login())?.connect_aside().await
    }

    fn opening(&self) -> Result<Option<Opening>> {
        self.db.opening(Access::Write, self.behalf())
    }

    fn reason(&self) -> Option<&str> {
        match &self.acting {
            Acting::Service(announcement) => Some(announcement.reason()),
            Acting::Tenant | Acting::Holder(_) => None,
        }
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
