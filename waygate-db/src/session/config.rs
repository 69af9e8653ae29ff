//! How a service connects.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "supabase")]
use crate::claims::TokenVerifier;
use crate::crypto::{KeyProvider, SealKey, provider_from};
use crate::environment::{Environment, WAYGATE_APP_URL, WAYGATE_DIALECT, WAYGATE_SERVICE_URL, WAYGATE_TENANT_SEAL_KEY};
use crate::error::{Error, Kind, Result};
use crate::pool::{Limits, Statements};
use crate::schema::Dialect;
use crate::url::DatabaseUrl;

/// The longest time that a data key is held: what was rotated out is sealed with by nobody after that.
const LONGEST_KEY_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// The logins, pools and keys of a [`Db`](super::Db).
///
/// ```
/// use std::time::Duration;
/// use waygate_db::{Config, DatabaseUrl};
///
/// # fn main() -> waygate_db::Result<()> {
/// let config = Config::new("postgres://waygate_app@localhost/waygate".parse::<DatabaseUrl>()?)
///     .service_url("postgres://waygate_service@localhost/waygate".parse()?)
///     .pool_size(16)
///     .wait(Duration::from_secs(2));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Config {
    pub(super) app: DatabaseUrl,
    pub(super) service: Option<DatabaseUrl>,
    pub(super) keys: Option<Arc<dyn KeyProvider>>,
    pub(super) earlier_keys: Vec<Arc<dyn KeyProvider>>,
    pub(super) key_lifetime: Duration,
    pub(super) limits: Limits,
    pub(super) application_name: String,
    pub(super) statements: Option<Statements>,
    pub(super) dialect: Dialect,
    pub(super) tenant_seal: Option<Arc<SealKey>>,
    #[cfg(feature = "supabase")]
    pub(super) tokens: Option<TokenVerifier>,
}

impl Config {
    /// A configuration whose tenant sessions use this login, normally `waygate_app`.
    #[must_use]
    pub fn new(app: DatabaseUrl) -> Self {
        let size = app.connection_limit().unwrap_or(10);
        let wait = app.pool_timeout().unwrap_or(Duration::from_secs(5));
        Self {
            app,
            service: None,
            keys: None,
            earlier_keys: Vec::new(),
            key_lifetime: LONGEST_KEY_LIFETIME,
            limits: Limits { size, wait },
            application_name: "waygate".to_owned(),
            statements: None,
            dialect: Dialect::Postgres,
            tenant_seal: None,
            #[cfg(feature = "supabase")]
            tokens: None,
        }
    }

    /// The configuration that the environment describes: `WAYGATE_APP_URL`, `WAYGATE_SERVICE_URL`, the variables of
    /// [`provider_from`](crate::provider_from), `WAYGATE_DIALECT`, `WAYGATE_TENANT_SEAL_KEY`.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when `WAYGATE_APP_URL` is missing or a URL is malformed,
    /// [`is_key`](Error::is_key) when a key is.
    pub fn from_environment(environment: &Environment) -> Result<Self> {
        let Some(app) = environment.url(WAYGATE_APP_URL)? else {
            return Err(Error::new(Kind::Config, format!("{WAYGATE_APP_URL} is not set"))
                .help("set it to the tenant login's URL; `waygate setup` writes it to .env.local"));
        };
        let mut config = Self::new(app);
        config.service = environment.url(WAYGATE_SERVICE_URL)?;
        config.keys = provider_from(environment)?;
        if let Some(dialect) = environment.get(WAYGATE_DIALECT) {
            config.dialect = dialect.parse()?;
        }
        if let Some(key) = environment.get(WAYGATE_TENANT_SEAL_KEY) {
            config.tenant_seal = Some(Arc::new(SealKey::from_base64(key)?));
        }
        Ok(config)
    }

    /// The service's login, normally `waygate_service`. Default: none, and `db.service(…)` refuses to run.
    #[must_use]
    pub fn service_url(mut self, url: DatabaseUrl) -> Self {
        self.service = Some(url);
        self
    }

    /// Where the key-encryption keys are. Default: none, and sealed columns cannot be read or written.
    #[must_use]
    pub fn keys(mut self, provider: impl KeyProvider) -> Self {
        self.keys = Some(Arc::new(provider));
        self
    }

    /// A keeper of keys that wrapped data keys before the one of [`keys`](Self::keys) did: it unwraps those. Default: none.
    #[must_use]
    pub fn earlier_keys(mut self, provider: impl KeyProvider) -> Self {
        self.earlier_keys.push(Arc::new(provider));
        self
    }

    /// How long an unwrapped data key is held in memory. A rotation or shredding is heard of at once, through a connection
    /// that listens for it; this is how long it may take where that connection is broken, or behind a pooler, through
    /// which nothing is heard. Default: 15 minutes, and no more: `waygate keys retire` counts on it.
    #[must_use]
    pub fn key_lifetime(mut self, lifetime: Duration) -> Self {
        self.key_lifetime = lifetime.min(LONGEST_KEY_LIFETIME);
        self
    }

    /// The most connections open at once, for each login. Default: the app URL's `connection_limit`, else 10.
    #[must_use]
    pub fn pool_size(mut self, size: u32) -> Self {
        self.limits.size = size;
        self
    }

    /// How long a call waits for a connection. Default: the app URL's `pool_timeout`, else 5 seconds.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.limits.wait = wait;
        self
    }

    /// How statements are sent. Default: unnamed where the login's URL says `pgbouncer=true`, else cached.
    #[must_use]
    pub fn statements(mut self, statements: Statements) -> Self {
        self.statements = Some(statements);
        self
    }

    /// The kind of server, as the migrations were written for it. Default: `Postgres`.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Who verifies tokens for [`Db::claims`](super::Db::claims). In the dialect `Supabase` the tenant's claim is the
    /// dialect's. Default: nobody, and every token is refused.
    #[cfg(feature = "supabase")]
    #[must_use]
    pub fn tokens(mut self, verifier: TokenVerifier) -> Self {
        self.tokens = Some(verifier);
        self
    }

    /// The key that seals the tenant of each transaction, for the dialect `Sealed`. Default: none.
    #[must_use]
    pub fn tenant_seal(mut self, key: SealKey) -> Self {
        self.tenant_seal = Some(Arc::new(key));
        self
    }

    /// The name that the server shows for the connections; the service's reason follows it. Default: `waygate`.
    #[must_use]
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.application_name = name.into();
        self
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
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
        } = self;
        let mut config = f.debug_struct("Config");
        #[cfg(feature = "supabase")]
        config.field("tokens", tokens);
        config
            .field("app", app)
            .field("service", service)
            .field("keys", &keys.as_ref().map(|keys| keys.id().to_owned()))
            .field("earlier_keys", &earlier_keys.iter().map(|keys| keys.id().to_owned()).collect::<Vec<_>>())
            .field("key_lifetime", key_lifetime)
            .field("limits", limits)
            .field("application_name", application_name)
            .field("statements", statements)
            .field("dialect", dialect)
            .field("tenant_seal", tenant_seal)
            .finish()
    }
}
