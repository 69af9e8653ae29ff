//! A database of a test's own on a running server, with the roles that the DDL names.

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use waygate_db::audit::Logins;
use waygate_db::local::{Cluster, Scratch};
use waygate_db::{DatabaseUrl, Dialect, Environment, Maintenance, schema_sql};

use crate::support::waygate_schema::SCHEMA;

/// A row, as PostgreSQL prints it.
pub(crate) type TextRow = Vec<Option<String>>;

/// A database that is dropped with this value, also when its test fails.
pub(crate) struct Database(Scratch);

impl Database {
    /// An empty database that belongs to `waygate_owner`.
    pub(crate) async fn empty() -> Self {
        let cluster = Cluster::shared(&Environment::from_vars(std::env::vars())).await.expect("a server");
        Self(cluster.create("waygate_test").await.expect("a database"))
    }

    /// A database that holds the six models.
    pub(crate) async fn deployed() -> Self {
        let database = Self::empty().await;
        database.deploy(&schema_sql(&SCHEMA, &Dialect::Postgres)).await;
        database
    }

    /// Runs a migration as the runner does: the migrator as the owner, in one transaction.
    pub(crate) async fn deploy(&self, sql: &str) {
        let session = self.login("waygate_migrator").await;
        session.run(&format!("SET ROLE waygate_owner; BEGIN;\n{sql}\nCOMMIT;")).await;
    }

    /// A superuser's session.
    pub(crate) async fn administrator(&self) -> Session {
        Session::open(&self.0.urls().admin.to_config()).await
    }

    /// The administrator's URL.
    pub(crate) fn admin_url(&self) -> &DatabaseUrl {
        &self.0.urls().admin
    }

    /// The library's own session, of an administrator as `waygate_owner`.
    pub(crate) async fn maintenance(&self) -> Maintenance {
        Maintenance::connect(&self.0.urls().admin.to_config()).await.expect("the server is there")
    }

    /// The same of the migrator.
    pub(crate) async fn migrator(&self) -> Maintenance {
        Maintenance::connect(&self.0.urls().migrator.to_config()).await.expect("the server is there")
    }

    /// The logins that the audit tries things as.
    pub(crate) fn logins(&self) -> Logins {
        let urls = self.0.urls();
        Logins { app: Some(urls.app.clone()), service: Some(urls.service.clone()), seal: None }
    }

    /// A session of this login, as if it had connected by itself.
    pub(crate) async fn login(&self, role: &str) -> Session {
        let session = self.administrator().await;
        session.run(&format!("SET SESSION AUTHORIZATION {role}")).await;
        session
    }

    /// A session of the application with this tenant set.
    pub(crate) async fn tenant(&self, id: &str) -> Session {
        let session = self.login("waygate_app").await;
        session.run(&format!("SET waygate.tenant_id = '{id}'")).await;
        session
    }
}

/// One connection.
pub(crate) struct Session(Client);

impl Session {
    async fn open(config: &tokio_postgres::Config) -> Self {
        let (client, connection) = config.connect(NoTls).await.expect("the server is there");
        tokio::spawn(connection);
        Self(client)
    }

    /// Runs statements; the result is the rows of all, or the error's SQLSTATE.
    pub(crate) async fn attempt(&self, sql: &str) -> Result<Vec<TextRow>, SqlState> {
        self.query(sql).await.map_err(|error| match error.code() {
            Some(code) => code.clone(),
            None => panic!("{sql}: {error}"),
        })
    }

    /// Runs statements that have to succeed.
    pub(crate) async fn run(&self, sql: &str) -> Vec<TextRow> {
        self.query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    /// Runs statements; what the server says where it refuses.
    pub(crate) async fn try_run(&self, sql: &str) -> Result<(), String> {
        self.query(sql).await.map(drop).map_err(|error| format!("{:?}", error.as_db_error()))
    }

    async fn query(&self, sql: &str) -> Result<Vec<TextRow>, tokio_postgres::Error> {
        let messages = self.0.simple_query(sql).await?;
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// The one value of the one row.
    pub(crate) async fn value(&self, sql: &str) -> String {
        let rows = self.run(sql).await;
        let [row] = rows.as_slice() else { panic!("{sql}: {} rows", rows.len()) };
        row.first().cloned().flatten().unwrap_or_else(|| panic!("{sql}: NULL"))
    }

    /// The first column of all rows.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        self.run(sql).await.into_iter().map(|row| row.into_iter().next().flatten().unwrap_or_default()).collect()
    }

    /// The SQLSTATE of statements that have to fail.
    pub(crate) async fn refusal(&self, sql: &str) -> String {
        match self.attempt(sql).await {
            Ok(rows) => panic!("{sql}: succeeded with {} rows", rows.len()),
            Err(code) => code.code().to_owned(),
        }
    }

    /// What the server says of statements that have to fail.
    pub(crate) async fn complaint(&self, sql: &str) -> String {
        match self.query(sql).await {
            Ok(rows) => panic!("succeeded with {} rows", rows.len()),
            Err(error) => error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned()),
        }
    }
}
