//! A database of a test's own on a running server, with the roles that the DDL names.

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use waygate_db::schema_sql;

use super::waygate_schema::SCHEMA;

/// A row, as PostgreSQL prints it.
pub(crate) type TextRow = Vec<Option<String>>;

/// The administrator's server: `DATABASE_URL`, else the local one.
fn server() -> tokio_postgres::Config {
    let url =
        std::env::var("DATABASE_URL").unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    url.parse().expect("DATABASE_URL is a connection URL")
}

const ROLES: &[&str] = &[
    "CREATE ROLE waygate_owner NOLOGIN",
    "CREATE ROLE waygate_login NOLOGIN",
    "CREATE ROLE waygate_migrator LOGIN",
    "CREATE ROLE waygate_app LOGIN",
    "CREATE ROLE waygate_service LOGIN",
    "GRANT waygate_owner TO waygate_migrator",
    "GRANT waygate_login TO waygate_owner",
];

/// A database that is dropped with this value, also when its test fails.
pub(crate) struct Database {
    name: String,
}

impl Database {
    /// An empty database that belongs to `waygate_owner`.
    pub(crate) async fn empty() -> Self {
        let admin = Session::open(&server()).await;
        for role in ROLES {
            create_role(&admin, role).await;
        }
        let name = format!("waygate_test_{}", uuid::Uuid::new_v4().simple());
        admin.run(&format!("CREATE DATABASE {name} OWNER waygate_owner TEMPLATE template0")).await;
        Self { name }
    }

    /// A database that holds the six models.
    pub(crate) async fn deployed() -> Self {
        let database = Self::empty().await;
        database.deploy(&schema_sql(&SCHEMA)).await;
        database
    }

    /// Runs a migration as the runner does: the migrator as the owner, in one transaction.
    pub(crate) async fn deploy(&self, sql: &str) {
        let session = self.login("waygate_migrator").await;
        session.run(&format!("SET ROLE waygate_owner; BEGIN;\n{sql}\nCOMMIT;")).await;
    }

    /// A superuser's session.
    pub(crate) async fn administrator(&self) -> Session {
        Session::open(server().dbname(&self.name)).await
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

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // A thread of its own, because the test's runtime cannot be waited for from inside.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async { Session::open(&server()).await.run(&sql).await })
        });
        if dropped.join().is_err() {
            eprintln!("{} was not dropped", self.name);
        }
    }
}

/// Creates a role unless it is there; of several that do so at once, all but one fail in one of these ways.
async fn create_role(admin: &Session, statement: &str) {
    for _ in 0..50 {
        match admin.attempt(statement).await {
            Ok(_) => return,
            Err(code) if code == SqlState::DUPLICATE_OBJECT => return,
            Err(code) if code == SqlState::UNIQUE_VIOLATION || code == SqlState::INTERNAL_ERROR => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            Err(code) => panic!("{statement}: {}", code.code()),
        }
    }
    panic!("{statement}: still contended");
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
}
