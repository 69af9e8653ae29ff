//! A database of its own for each test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};
use waygate_db::migrate::{DeployOptions, Migration, Progress, Report, deploy};
use waygate_db::{Error, Maintenance, Result};

/// Creates a role or a membership where it is missing. Roles belong to the whole server, so others may create them too.
const ROLES: [&str; 3] = [
    "DO $$ BEGIN IF to_regrole('waygate_owner') IS NULL THEN CREATE ROLE waygate_owner NOLOGIN; END IF; END $$",
    "DO $$ BEGIN IF to_regrole('waygate_migrator') IS NULL THEN CREATE ROLE waygate_migrator LOGIN; END IF; END $$",
    "DO $$ BEGIN IF NOT pg_has_role('waygate_migrator', 'waygate_owner', 'MEMBER') THEN \
       GRANT waygate_owner TO waygate_migrator; END IF; END $$",
];

pub(crate) struct Database {
    name: String,
    admin: Client,
}

impl Database {
    pub(crate) async fn create() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("waygate_migrate_{}_{number}", std::process::id());
        let server = client(&admin_config("postgres")).await;
        for role in ROLES {
            while let Err(error) = server.batch_execute(role).await {
                let code = error.code().map(|code| code.code().to_owned()).unwrap_or_default();
                assert!(["23505", "42710", "XX000"].contains(&code.as_str()), "{error:?}");
            }
        }
        server.batch_execute(&format!("CREATE DATABASE {name} OWNER waygate_owner")).await.unwrap();
        let admin = client(&admin_config(&name)).await;
        Self { name, admin }
    }

    pub(crate) async fn drop(self) {
        let server = client(&admin_config("postgres")).await;
        server.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await.unwrap();
    }

    pub(crate) fn config(&self) -> Config {
        let mut config = admin_config(&self.name);
        config.user("waygate_migrator").application_name("waygate tests");
        config
    }

    pub(crate) async fn connect(&self) -> Maintenance {
        Maintenance::connect(&self.config()).await.unwrap()
    }

    /// Deploys over a connection of its own.
    pub(crate) async fn deploy(&self, files: &[Migration]) -> Result<Report> {
        self.deploy_with(files, QUICK).await
    }

    pub(crate) async fn deploy_with(&self, files: &[Migration], options: DeployOptions) -> Result<Report> {
        let mut conn = self.connect().await;
        let report = deploy(&mut conn, files, options, &mut |_: Progress<'_>| {}).await;
        conn.close().await;
        report
    }

    pub(crate) async fn run(&self, sql: &str) {
        self.admin.batch_execute(sql).await.unwrap();
    }

    /// The first cell of the answer, as text.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let messages = self.admin.simple_query(sql).await.unwrap();
        let cell = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        cell.unwrap_or_default()
    }

    pub(crate) async fn ledger(&self) -> String {
        self.text("SELECT coalesce(string_agg(id, ',' ORDER BY id), '') FROM waygate.migrations").await
    }

    /// The tables of `public`.
    pub(crate) async fn tables(&self) -> String {
        self.text("SELECT coalesce(string_agg(relname, ',' ORDER BY relname), '') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace").await
    }

    /// Everything outside the system's own schemas.
    pub(crate) async fn objects(&self) -> String {
        self.text(
            "SELECT coalesce(string_agg(what, ',' ORDER BY what), '') FROM (
                SELECT oid::regclass::text AS what FROM pg_class WHERE oid >= 16384
                UNION ALL SELECT nspname::text FROM pg_namespace WHERE oid >= 16384
                UNION ALL SELECT oid::regtype::text FROM pg_type WHERE oid >= 16384) objects",
        )
        .await
    }

    /// Waits until a query says `t`.
    pub(crate) async fn wait_until(&self, sql: &str) {
        for _ in 0..400 {
            if self.text(sql).await == "t" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never true: {sql}");
    }
}

/// Waits short enough for tests.
pub(crate) const QUICK: DeployOptions = DeployOptions {
    lock_wait: Duration::from_secs(60),
    lock_timeout: Duration::from_millis(200),
    retries: 20,
    first_backoff: Duration::from_millis(50),
    longest_backoff: Duration::from_millis(100),
};

pub(crate) fn three(third: &'static str) -> Vec<Migration> {
    vec![
        Migration::embedded("20250101000000_one", "CREATE TABLE one (id int);", None),
        Migration::embedded("20250102000000_two", "CREATE TABLE two (id int);", None),
        Migration::embedded("20250103000000_three", third, None),
    ]
}

/// The error and its advice, as a user reads them.
pub(crate) fn told(error: &Error) -> String {
    error.to_string()
}

pub(crate) fn admin_config(database: &str) -> Config {
    let mut config = Config::new();
    config.host("127.0.0.1").port(5432).user("postgres").dbname(database);
    config
}

pub(crate) async fn client(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
