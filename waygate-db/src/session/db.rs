//! [`Db`]: the pools and keys, from which every scope is taken.

use std::fmt;
use std::sync::Arc;

use super::access::{ReachesShared, sealed};
use super::ear::Ear;
use super::identity::Identity;
use super::opening::{Behalf, Opening};
use super::{AnonymousScope, Config, Executor, Reply, ServiceScope, TenantScope, flight, login};
#[cfg(feature = "supabase")]
use crate::claims::TokenVerifier;
use crate::crypto::Providers;
use crate::error::{Error, Kind, Result};
use crate::keys::Vault;
use crate::pool::{Lease, Pool, Statements};
use crate::schema::Dialect;
use crate::sql::{Access, Statement};
use crate::url::DatabaseUrl;
use crate::value::TenantId;

/// A database: its pools and keys. It reads reference data; for tenant data take a scope from it.
///
/// Cheap to clone; all clones share the pools. No handle takes SQL as a text: raw SQL goes through the model whose rows
/// it gives, [`Model::sql`](crate::Model::sql).
///
/// ```no_run
/// use waygate_db::{Config, Db};
/// # async fn example() -> waygate_db::Result<()> {
/// let db = Db::connect(Config::new("postgres://waygate_app@localhost/waygate".parse()?)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    app: Pool,
    service: Option<Pool>,
    vault: Vault,
    identity: Identity,
    #[cfg(feature = "supabase")]
    tokens: Option<TokenVerifier>,
}

/// Which of the pools a handle uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Login {
    App,
    Service,
}

impl Db {
    /// Connects each login once and checks that it is fit to keep tenants apart.
    ///
    /// # Errors
    ///
    /// [`is_connect`](Error::is_connect) when the server is out of reach or refuses a login,
    /// [`is_server_too_old`](Error::is_server_too_old) before PostgreSQL 15, and
    /// [`is_unsafe_login`](Error::is_unsafe_login) when a login is superuser, has BYPASSRLS, owns tables, or can become
    /// a role that does.
    pub async fn connect(config: Config) -> Result<Self> {
        let Config {
            app,
            service,
            keys,
            earlier_keys,
            key_lifetime,
            limits,
            application_name,
            statements,
            dialect,
            tenant_seal,
            #[cfg(feature = "supabase")]
            tokens,
        } = config;
        #[cfg(feature = "supabase")]
        let tokens = tokens.map(|verifier| match &dialect {
            Dialect::Supabase(claim) => verifier.tenant_claim(claim.clone()),
            _ => verifier,
        });
        let pool = |url| Pool::new(url, &application_name, limits, statements.unwrap_or_else(|| statements_of(url)));
        let vault = Vault::new(keys.map(|keys| Providers::new(keys, earlier_keys)), key_lifetime);
        // Nothing is heard through a pooler: there each key ends with its time.
        let hears = statements.unwrap_or_else(|| statements_of(&app)) == Statements::Cached;
        let ear = (hears && vault.has_keys()).then(|| Ear::of(&app, &vault));
        let app = pool(&app);
        login::check(&app.connect_aside().await?, Login::App, &dialect).await?;
        let service = service.as_ref().map(pool);
        if let Some(service) = &service {
            login::check(&service.connect_aside().await?, Login::Service, &dialect).await?;
        }
        let identity = Identity::new(dialect, application_name, tenant_seal)?;
        let inner = Arc::new(Inner {
            app,
            service,
            vault,
            identity,
            #[cfg(feature = "supabase")]
            tokens,
        });
        if let Some(ear) = ear {
            let db = Arc::downgrade(&inner);
            ear.listen(move |heard| db.upgrade().is_some_and(|db| db.vault.hear(heard)));
        }
        Ok(Self { inner })
    }

    /// A handle for one tenant's data.
    #[must_use]
    pub fn tenant(&self, tenant: TenantId) -> TenantScope {
        TenantScope::new(self.clone(), tenant)
    }

    /// A handle for visitors who have not logged in.
    #[must_use]
    pub fn anon(&self) -> AnonymousScope {
        AnonymousScope::new(self.clone())
    }

    /// A handle for the service's work across tenants, with its own login. The reason is written to
    /// `waygate.service_log` before the scope's first statement; this call itself touches nothing.
    #[must_use]
    pub fn service(&self, reason: impl Into<String>) -> ServiceScope {
        ServiceScope::new(self.clone(), reason.into())
    }

    /// Refuses all further calls on this database and its scopes: they answer
    /// [`is_closed`](Error::is_closed). Statements under way finish first.
    pub fn close(&self) {
        self.inner.vault.close();
        self.inner.app.close();
        if let Some(service) = &self.inner.service {
            service.close();
        }
    }

    pub(super) fn pool(&self, login: Login) -> Result<&Pool> {
        match login {
            Login::App => Ok(&self.inner.app),
            Login::Service => self.inner.service.as_ref().ok_or_else(|| {
                Error::new(Kind::Config, "this database has no login for the service")
                    .help("set WAYGATE_SERVICE_URL, or give the configuration a `service_url`")
            }),
        }
    }

    pub(super) async fn lease(&self, login: Login) -> Result<Lease> {
        self.pool(login)?.get().await
    }

    pub(super) fn keys(&self) -> &Vault {
        &self.inner.vault
    }

    /// Who verifies tokens.
    #[cfg(feature = "supabase")]
    pub(super) fn tokens(&self) -> Result<&TokenVerifier> {
        self.inner.tokens.as_ref().ok_or_else(|| {
            Error::new(Kind::Config, "this database has nobody to verify tokens")
                .help("give the configuration a `TokenVerifier` with `tokens`")
        })
    }

    pub(super) fn dialect(&self) -> &Dialect {
        &self.inner.identity.dialect
    }

    /// What is sent before a statement on somebody's behalf.
    pub(super) fn opening(&self, access: Access, behalf: Behalf<'_>) -> Result<Option<Opening>> {
        Opening::new(&self.inner.identity, access, behalf)
    }

    /// Runs one statement on somebody's behalf, in one round trip.
    pub(super) async fn run_as(&self, login: Login, behalf: Behalf<'_>, statement: &Statement) -> Result<Reply> {
        let opening = self.opening(statement.access, behalf)?;
        let lease = self.lease(login).await?;
        match opening {
            Some(opening) => flight::scoped(&lease, &opening, statement).await,
            None => flight::alone(&lease, statement).await,
        }
    }
}

/// How statements are sent where the configuration does not say.
fn statements_of(url: &DatabaseUrl) -> Statements {
    if url.is_pooled() { Statements::Unnamed } else { Statements::Cached }
}

impl sealed::Sealed for Db {}

impl Executor for Db {
    fn confined_to(&self) -> Option<TenantId> {
        None
    }

    fn dialect(&self) -> &Dialect {
        self.dialect()
    }

    fn vault(&self) -> &Vault {
        self.keys()
    }

    async fn run(&self, statement: Statement) -> Result<Reply> {
        self.run_as(Login::App, Behalf::Nobody, &statement).await.map_err(Error::without_tenant)
    }

    async fn run_aside(&self, statement: Statement) -> Result<Reply> {
        self.run(statement).await
    }
}

impl ReachesShared for Db {}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("app", &self.inner.app).field("service", &self.inner.service).finish_non_exhaustive()
    }
}
