//! What every test stands on: a database of its own, rows in it, and a look at an error's text.

mod pooler;
mod programs;
mod proxy;
mod rows;
mod server;
pub(crate) mod steps;
pub(crate) mod supabase;
mod words;

use std::time::Duration;

use uuid::Uuid;
use waygate::MIGRATIONS;
use waygate::models::Tenant;
use waygate_db::local::{Scratch, Urls, run_sql};
use waygate_db::{Config, DatabaseUrl, Db, EnvKeys, Environment, Result, ServiceScope, TenantId, TenantScope};

use server::Place;

pub(crate) use pooler::{POOLED, Pooler};
pub(crate) use programs::{Dump, deployed_on, own_server};
pub(crate) use proxy::{Proxy, Way};
pub(crate) use rows::{Rows, action, integration, mapping, random_hash, same};
pub(crate) use supabase::SupabaseDb;
pub(crate) use words::{MARKER, Outcome, hex, refusal, words};

/// A row as PostgreSQL prints it.
pub(crate) type TextRow = Vec<Option<String>>;

/// The key-encryption key of one test, as the two variables that hold it.
pub(crate) type KeyVars = [(String, String); 2];

/// Which login runs raw SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Login {
    /// The administrator, whom row security does not bind.
    Admin,
    /// `waygate_migrator`, as `waygate_owner`.
    Owner,
    /// `waygate_app`.
    App,
    /// `waygate_service`.
    Service,
}

/// Connections of a pooler to the server, for each login: more than any test holds at once, and fewer than its pools.
const POOLED_CONNECTIONS: u32 = 3;

/// A database with the six tables, of one test alone.
pub(crate) struct TestDb {
    // Dropped in this order: the connections, the database, the place on the server.
    pub(crate) db: Db,
    pooler: Option<Pooler>,
    scratch: Scratch,
    keys: KeyVars,
    _place: Place,
}

impl TestDb {
    /// A copy of the deployed template, with four connections for each login.
    pub(crate) async fn new() -> Self {
        Self::configured(|config| config).await
    }

    /// The same, with a configuration of the test's.
    pub(crate) async fn configured(change: impl FnOnce(Config) -> Config) -> Self {
        let connections = std::env::var_os(POOLED).map(|_| POOLED_CONNECTIONS);
        Self::made(connections, change).await.expect("a pooler, where the tests are to go through one")
    }

    /// The same, through a pooler that opens so many connections to the server for each login.
    ///
    /// `None`, with a word on standard error, where there is no pooler.
    pub(crate) async fn pooled(connections: u32) -> Option<Self> {
        Self::made(Some(connections), |config| config).await
    }

    async fn made(connections: Option<u32>, change: impl FnOnce(Config) -> Config) -> Option<Self> {
        let (place, scratch) = Place::deployed().await;
        let pooler = match connections {
            Some(connections) => Some(Pooler::start(scratch.urls(), connections).await?),
            None => None,
        };
        let keys = EnvKeys::fresh_vars().unwrap();
        let db = Db::connect(change(config(&scratch, pooler.as_ref(), &keys))).await.unwrap();
        Some(Self { db, pooler, scratch, keys, _place: place })
    }

    /// The pooler that this database is reached through.
    pub(crate) fn pooler(&self) -> Option<&Pooler> {
        self.pooler.as_ref()
    }

    /// The configuration of this database: both logins, this test's key, four connections.
    pub(crate) fn config(&self) -> Config {
        config(&self.scratch, self.pooler.as_ref(), &self.keys)
    }

    /// The same, at other addresses: through a proxy or a pooler.
    pub(crate) fn config_at(&self, app: DatabaseUrl, service: DatabaseUrl) -> Config {
        Config::new(app).service_url(service).keys(EnvKeys::from_vars(self.keys.clone()).unwrap()).pool_size(4)
    }

    /// The same without a key.
    pub(crate) fn config_without_key(&self) -> Config {
        self.scratch.config().pool_size(4)
    }

    /// One more handle with pools and keys of its own, as another process would have.
    pub(crate) async fn another(&self) -> Db {
        Db::connect(self.config()).await.unwrap()
    }

    /// The variables of this test's key.
    pub(crate) fn key_vars(&self) -> &KeyVars {
        &self.keys
    }

    pub(crate) fn name(&self) -> &str {
        self.scratch.name()
    }

    pub(crate) fn urls(&self) -> &Urls {
        self.scratch.urls()
    }

    /// A new tenant of this name.
    pub(crate) async fn tenant(&self, name: &str) -> TenantScope {
        self.db.tenant(self.tenant_row(name).await.id)
    }

    /// A new tenant's row.
    pub(crate) async fn tenant_row(&self, name: &str) -> Tenant {
        rows::tenant_row(&self.db, name).await
    }

    pub(crate) fn service(&self) -> ServiceScope {
        self.db.service("test")
    }

    /// Runs raw SQL as this login.
    pub(crate) async fn sql(&self, login: Login, sql: &str) -> Result<Vec<TextRow>> {
        run_as(self.urls(), login, sql).await
    }

    /// Runs raw SQL that has to succeed.
    pub(crate) async fn rows_of(&self, login: Login, sql: &str) -> Vec<TextRow> {
        self.sql(login, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The one value of raw SQL; an empty text for NULL.
    pub(crate) async fn value(&self, login: Login, sql: &str) -> String {
        let rows = self.rows_of(login, sql).await;
        let [row] = rows.as_slice() else { panic!("{sql}: {} rows", rows.len()) };
        row.first().cloned().flatten().unwrap_or_default()
    }

    /// Raw SQL as the app login with this tenant set.
    pub(crate) async fn as_tenant(&self, tenant: TenantId, sql: &str) -> Result<Vec<TextRow>> {
        self.sql(Login::App, &format!("SET waygate.tenant_id = '{tenant}'; {sql}")).await
    }

    /// How many rows a table holds, over all tenants.
    pub(crate) async fn count(&self, table: &str) -> u64 {
        self.value(Login::Service, &format!("SELECT count(*) FROM {table}")).await.parse().unwrap()
    }

    /// Waits until so many of the library's own connections are open to this database.
    pub(crate) async fn wait_for_connections(&self, wanted: std::ops::RangeInclusive<u64>) {
        let count = "SELECT count(*) FROM pg_stat_activity \
                     WHERE datname = current_database() AND application_name = 'waygate'";
        for _ in 0..200 {
            let open = self.value(Login::Admin, count).await.parse().unwrap();
            if wanted.contains(&open) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{} connections are open", self.value(Login::Admin, count).await);
    }

    /// Ends all of the library's connections, as an administrator may, and waits until they are gone.
    pub(crate) async fn kill_connections(&self) {
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE datname = current_database() AND application_name = 'waygate'";
        self.rows_of(Login::Admin, kill).await;
        self.wait_for_connections(0..=0).await;
        // The server lists a session no more a moment before it closes its socket.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// An empty database, prepared and not deployed to.
pub(crate) struct EmptyDb {
    pub(crate) scratch: Scratch,
    _place: Place,
}

impl EmptyDb {
    pub(crate) async fn new() -> Self {
        let (place, scratch) = Place::empty().await;
        Self { scratch, _place: place }
    }

    pub(crate) async fn deploy(&self) -> Result<()> {
        self.scratch.deploy(MIGRATIONS).await
    }

    pub(crate) async fn sql(&self, login: Login, sql: &str) -> Result<Vec<TextRow>> {
        run_as(self.scratch.urls(), login, sql).await
    }
}

/// The process's environment alone: a developer's `.env.local` is none of the tests' business.
pub(crate) fn environment() -> Environment {
    Environment::from_vars(std::env::vars())
}

/// The tenant with this UUID, as authentication would vouch for it.
#[expect(clippy::disallowed_methods, reason = "tests stand in for authentication")]
pub(crate) fn trusted(uuid: Uuid) -> TenantId {
    TenantId::trust(uuid)
}

fn config(scratch: &Scratch, pooler: Option<&Pooler>, keys: &KeyVars) -> Config {
    let config = match pooler {
        Some(pooler) => Config::new(pooler.url(&scratch.urls().app)).service_url(pooler.url(&scratch.urls().service)),
        None => scratch.config(),
    };
    config.keys(EnvKeys::from_vars(keys.clone()).unwrap()).pool_size(4)
}

async fn run_as(urls: &Urls, login: Login, sql: &str) -> Result<Vec<TextRow>> {
    let url: &DatabaseUrl = match login {
        Login::Admin => &urls.admin,
        Login::App => &urls.app,
        Login::Service => &urls.service,
        Login::Owner => return run_sql(&urls.migrator, &format!("SET ROLE waygate_owner; {sql}")).await,
    };
    run_sql(url, sql).await
}
