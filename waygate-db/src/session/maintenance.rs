//! One direct connection, outside every pool, for work on the database itself.

use std::time::Duration;

use postgres_types::{FromSqlOwned, ToSql, Type};
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

use super::direct::text_row;
use super::notices::{Notices, carry};
use super::{Refusal, TextRow};
use crate::error::{Error, Kind, Result};
use crate::pool::driver::connect_error;
use crate::pool::{OLDEST_SERVER, too_old};
use crate::schema::roles::{MIGRATOR, OWNER};

/// The port of a configuration that names none.
const DEFAULT_PORT: u16 = 5432;
/// How long a connection may take when the URL does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Makes the session as new, whatever a script left in it; an advisory lock stays.
const RENEW: &str = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP; UNLISTEN *; \
    SET idle_session_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; \
    SET lock_timeout = 0; SET standard_conforming_strings = on";
/// Returns to the owner in a transaction whose script took another role.
pub(crate) const OWNER_AGAIN: &str = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE waygate_owner";
/// Lets a server notice within seconds that its client was killed in the middle of a statement, and let go its locks.
const WATCH_CLIENT: &str = "SET client_connection_check_interval = '2s'";

/// One direct, unpooled connection as `waygate_owner`, for migrations, audits and local work.
///
/// No time limit that the server or the role sets applies to it. Dropping it closes the connection: the server rolls
/// back what was open and releases its locks.
#[derive(Debug)]
pub struct Maintenance {
    client: Client,
    /// How it connected, for a second session beside it.
    config: Config,
    /// The server's process.
    pid: i32,
    /// The task that carries the bytes; taken out by `close`.
    traffic: Option<JoinHandle<()>>,
    /// What the server says beside its answers.
    notices: Notices,
    /// Not every operating system lets a server watch its clients.
    watches_client: bool,
}

impl Maintenance {
    /// Connects and becomes `waygate_owner`.
    ///
    /// # Errors
    ///
    /// [`is_connect`](Error::is_connect) when the server is out of reach or refuses the login,
    /// [`is_server_too_old`](Error::is_server_too_old) below PostgreSQL 15, [`is_role_missing`](Error::is_role_missing)
    /// without `waygate_owner`, [`is_permission_denied`](Error::is_permission_denied) when the login may not become it.
    pub async fn connect(config: &Config) -> Result<Self> {
        let mut config = config.clone();
        if config.get_application_name().is_none() {
            config.application_name("waygate maintenance");
        }
        config.keepalives_idle(Duration::from_secs(30));
        let limit = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
        let server = server(&config);
        // The driver's own limit ends with the TCP handshake; a server may accept and then stay silent.
        let (client, connection) = tokio::time::timeout(limit, config.connect(NoTls))
            .await
            .map_err(|_| silent(&server, limit))?
            .map_err(|error| connect_error(&error, &server))?;
        check_version(connection.parameter("server_version").unwrap_or_default())?;
        let notices = Notices::default();
        let carried = carry(connection, notices.clone());
        let traffic = tokio::spawn(async move {
            // Whoever waits for an answer learns of the broken connection through it.
            if let Err(error) = carried.await {
                tracing::debug!(error = %Error::from(error), "maintenance connection ended");
            }
        });
        let mut session = Self { client, config, pid: 0, traffic: Some(traffic), notices, watches_client: false };
        session.watches_client = session.run(WATCH_CLIENT).await.is_ok();
        session.renew().await?;
        let rows = session.rows("SELECT pg_catalog.pg_backend_pid()", &[]).await?;
        session.pid = rows.first().map_or(Ok(0), |row| row.read(0))?;
        Ok(session)
    }

    /// The number of the server's process, which other sessions know this one by.
    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }

    /// A second session of the same login, as the login itself.
    pub(crate) async fn beside(&self) -> Result<Self> {
        let session = Self::connect(&self.config).await?;
        // The owner may not see what other logins' sessions do.
        session.run("RESET ROLE").await?;
        Ok(session)
    }

    /// Asks the server to stop the statement under way.
    #[cfg(feature = "cli")]
    pub(crate) fn cancel(&self) -> impl Future<Output = ()> + Send + use<> {
        let token = self.client.cancel_token();
        async move {
            // Where the server is out of reach, the connection's end stops it too.
            token.cancel_query(NoTls).await.ok();
        }
    }

    /// What the server has said beside its answers since the last call; the first begins to listen.
    pub(crate) fn notices(&self) -> Vec<String> {
        self.notices.take()
    }

    /// Closes the connection, and waits until the server was told.
    pub async fn close(mut self) {
        let traffic = self.traffic.take();
        // Without its client the task says goodbye to the server and ends.
        drop(self);
        if let Some(traffic) = traffic {
            traffic.await.ok();
        }
    }

    /// Makes the session as new: no setting or temporary table of a script, the owner's role.
    pub(crate) async fn renew(&self) -> Result<()> {
        let watch = if self.watches_client { WATCH_CLIENT } else { "" };
        self.run(&format!("{RENEW}; {watch}")).await?;
        self.run(&format!("SET ROLE {OWNER}")).await.map_err(|refusal| match refusal.code() {
            "22023" => Error::new(Kind::RoleMissing, format!("the role {OWNER} does not exist on this server"))
                .help("run `waygate setup` as an administrator: it creates the roles")
                .reported(refusal.into_report()),
            "42501" => Error::new(Kind::Server, format!("this login may not become {OWNER} (SQLSTATE 42501)"))
                .help(format!("connect as {MIGRATOR}, or as an administrator"))
                .reported(refusal.into_report()),
            _ => refusal.error,
        })
    }

    /// Runs a script: one or more statements, as one message. Several outside a transaction are one transaction.
    pub(crate) async fn run(&self, script: &str) -> Result<(), Refusal> {
        self.client.batch_execute(script).await.map_err(Refusal::from)
    }

    /// Runs one statement, and returns its rows.
    pub(crate) async fn rows(&self, sql: &str, params: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Tuple>, Refusal> {
        let rows = self.client.query_typed(sql, params).await.map_err(Refusal::from)?;
        Ok(rows.into_iter().map(Tuple).collect())
    }

    /// Runs one statement, and says how many rows it touched.
    pub(crate) async fn execute(&self, sql: &str, params: &[(&(dyn ToSql + Sync), Type)]) -> Result<u64, Refusal> {
        self.client.execute_typed(sql, params).await.map_err(Refusal::from)
    }

    /// Runs a script as [`run`](Self::run) does, and returns the rows of all its statements as the server prints them.
    pub(crate) async fn ask(&self, script: &str) -> Result<Vec<TextRow>, Refusal> {
        let messages = self.client.simple_query(script).await?;
        Ok(messages.into_iter().filter_map(text_row).collect())
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        // The connection's task would wait for the statement under way; ending it closes the socket at once.
        if let Some(traffic) = &self.traffic {
            traffic.abort();
        }
    }
}

/// One row of an answer.
pub(crate) struct Tuple(tokio_postgres::Row);

impl Tuple {
    /// Decodes the cell at this place.
    pub(crate) fn read<T: FromSqlOwned>(&self, index: usize) -> Result<T> {
        self.0.try_get(index).map_err(|_| {
            Error::new(
                Kind::Decode,
                format!("column {} of the server's answer has another type", index.saturating_add(1)),
            )
        })
    }
}

/// The server and database that this configuration names, in words; no password is among them.
fn server(config: &Config) -> String {
    let ports = config.get_ports();
    let mut places = Vec::new();
    for (at, host) in config.get_hosts().iter().enumerate() {
        let port = ports.get(at).or(ports.first()).copied().unwrap_or(DEFAULT_PORT);
        places.push(match host {
            Host::Tcp(name) if name.contains(':') => format!("[{name}]:{port}"),
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(folder) => format!("{}/.s.PGSQL.{port}", folder.display()),
        });
    }
    format!("the server {}, database {}", places.join(", "), config.get_dbname().unwrap_or_default())
}

fn silent(server: &str, limit: Duration) -> Error {
    Error::new(Kind::Connect, format!("cannot reach {server}: it did not answer within {limit:?}"))
        .help("check that the URL's host and port are PostgreSQL's, and that no firewall drops what is sent there")
}

/// Checks a version as the server gives it: `15.18 (Debian …)`, `17beta1`.
fn check_version(version: &str) -> Result<()> {
    let major = version.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    match major.parse::<u32>() {
        Ok(major) if major >= OLDEST_SERVER => Ok(()),
        _ => Err(too_old(version)),
    }
}
