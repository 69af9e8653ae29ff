//! A database of its own for each test.

use std::time::Duration;

use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};
use waygate_db::local::{Cluster, Scratch};
use waygate_db::migrate::{DeployOptions, Migration, Progress, Report, deploy};
use waygate_db::{Environment, Error, Maintenance, Result};

pub(crate) struct Database {
    scratch: Scratch,
    admin: Client,
}

impl Database {
    pub(crate) async fn create() -> Self {
        let cluster = Cluster::shared(&Environment::from_vars(std::env::vars())).await.unwrap();
        let scratch = cluster.create("waygate_test").await.unwrap();
        let admin = client(&scratch.urls().admin.to_config()).await;
        Self { scratch, admin }
    }

    pub(crate) async fn drop(self) {
        self.scratch.drop().await.unwrap();
    }

    pub(crate) fn config(&self) -> Config {
        let mut config = self.scratch.urls().migrator.to_config();
        config.application_name("waygate tests");
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
    allow_out_of_order: false,
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

/// The administrator's login on this database of the same server.
pub(crate) fn admin_config(beside: &Database) -> Config {
    beside.scratch.urls().admin.to_config()
}

pub(crate) async fn client(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
