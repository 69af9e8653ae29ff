//! A server with Supabase's roles: of this process alone, because there our logins are members of others.

use tokio::sync::OnceCell;
use uuid::Uuid;
use waygate::DIALECTS;
use waygate_db::local::roles::{Passwords, ensure_roles_for};
use waygate_db::local::{LocalOptions, LocalServer, Urls, database};
use waygate_db::migrate::{DeployOptions, Migration, deploy};
use waygate_db::{Config, DatabaseUrl, Dialect, EnvKeys, Maintenance, Result, TenantClaim};

use super::{Login, TextRow, environment, run_as};

/// The password of `authenticator`, PostgREST's login.
const AUTHENTICATOR: &str = "a-password-of-a-throw-away-server";

static SERVER: OnceCell<Option<LocalServer>> = OnceCell::const_new();

/// The dialect, with the claim that `migrations-supabase` reads.
pub(crate) fn dialect() -> Dialect {
    Dialect::Supabase(TenantClaim::default())
}

/// The migrations for it.
pub(crate) fn migrations() -> &'static [Migration] {
    DIALECTS.iter().find(|history| history.dialect == "supabase").unwrap().migrations
}

/// A database of one test on that server; the server, a throw-away one, takes it along.
pub(crate) struct SupabaseDb {
    pub(crate) urls: Urls,
    /// PostgREST's login, over TCP and with its password.
    pub(crate) authenticator: DatabaseUrl,
}

impl SupabaseDb {
    /// An empty database.
    ///
    /// `None`, with a word on standard error, where `DATABASE_URL` is given and no server can be started here.
    pub(crate) async fn empty() -> Option<Self> {
        let server = SERVER.get_or_init(start).await.as_ref()?;
        let name = format!("supabase_{}", Uuid::new_v4().simple());
        let admin = database::connect(&server.admin_url()).await.unwrap();
        // As there, it belongs to its platform.
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let urls = Urls::derive(&server.admin_url().with_database(&name)).unwrap();
        database::share(&database::connect(&urls.admin).await.unwrap()).await.unwrap();
        let port = server.loopback_port().unwrap();
        let authenticator =
            format!("postgres://authenticator:{AUTHENTICATOR}@127.0.0.1:{port}/{name}").parse().unwrap();
        Some(Self { urls, authenticator })
    }

    /// A database with the six tables.
    pub(crate) async fn deployed() -> Option<Self> {
        let database = Self::empty().await?;
        let mut session = Maintenance::connect(&database.urls.migrator.to_config()).await.unwrap();
        deploy(&mut session, migrations(), DeployOptions::default(), &mut |_| {}).await.unwrap();
        session.close().await;
        Some(database)
    }

    /// A configuration with both logins and this dialect.
    pub(crate) fn config(&self) -> Config {
        let Urls { app, service, .. } = self.urls.clone();
        let keys = EnvKeys::from_vars(EnvKeys::fresh_vars().unwrap()).unwrap();
        Config::new(app).service_url(service).dialect(dialect()).keys(keys).pool_size(4)
    }

    /// Runs raw SQL as this login.
    pub(crate) async fn sql(&self, login: Login, sql: &str) -> Result<Vec<TextRow>> {
        run_as(&self.urls, login, sql).await
    }

    /// The first column of raw SQL that has to succeed; an empty text for NULL.
    pub(crate) async fn column(&self, login: Login, sql: &str) -> Vec<String> {
        let rows = self.sql(login, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.into_iter().map(|row| row.into_iter().next().flatten().unwrap_or_default()).collect()
    }
}

async fn start() -> Option<LocalServer> {
    let environment = environment();
    let server = match LocalServer::start(LocalOptions::from_environment(&environment).loopback()).await {
        Ok(server) => server,
        Err(error) if environment.get("DATABASE_URL").is_some() => {
            eprintln!("skipped: Supabase's roles need a server of their own, and {error}");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    let admin = database::connect(&server.admin_url()).await.unwrap();
    ensure_roles_for(&admin, &Passwords::default(), &dialect()).await.unwrap();
    admin.batch_execute(&format!("ALTER ROLE authenticator PASSWORD '{AUTHENTICATOR}'")).await.unwrap();
    Some(server)
}
