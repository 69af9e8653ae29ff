//! Database URLs that can be printed: the password shows only where it is asked for.

mod parameter;
mod parse;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio_postgres::Config;

use crate::error::{Error, Result};

/// A PostgreSQL URL, checked when it is read, whose password neither `Debug` nor `Display` shows.
///
/// ```
/// # use waygate_db::DatabaseUrl;
/// let url: DatabaseUrl = "postgres://ada:s%40crets@db.example.com/app".parse()?;
/// assert_eq!(url.to_string(), "postgres://ada:***@db.example.com:5432/app");
/// assert_eq!(url.with_user("waygate_app")?.with_password(None).expose(), "postgres://waygate_app@db.example.com:5432/app");
/// # Ok::<(), waygate_db::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    user: String,
    password: Option<String>,
    /// Tried in this order; never empty.
    endpoints: Vec<Endpoint>,
    database: String,
    /// What stands after the `?`, less what has a field of its own.
    parameters: Vec<(String, String)>,
    /// The parameters as the driver reads them.
    settings: Config,
}

/// A host name, an address or the folder of a socket, with its port.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Endpoint {
    host: String,
    port: u16,
}

impl DatabaseUrl {
    /// The same URL for another user, with the same password.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when the name is empty or holds a zero byte.
    pub fn with_user(&self, user: &str) -> Result<Self> {
        parse::check_user(user)?;
        Ok(Self { user: user.to_owned(), ..self.clone() })
    }

    /// The same URL with this password, or without one.
    #[must_use]
    pub fn with_password(&self, password: Option<&str>) -> Self {
        Self { password: password.map(ToOwned::to_owned), ..self.clone() }
    }

    /// The same URL for another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        Self { database: database.to_owned(), ..self.clone() }
    }

    /// A URL for the socket in this folder.
    pub(crate) fn socket(folder: &str, port: u16, user: &str, database: &str) -> Self {
        Self {
            user: user.to_owned(),
            password: None,
            endpoints: vec![Endpoint { host: folder.to_owned(), port }],
            database: database.to_owned(),
            parameters: Vec::new(),
            settings: Config::new(),
        }
    }

    /// The login.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database; where the URL names none, it is the user's, as for every client of PostgreSQL.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The host and port for people to read; several are joined by commas.
    #[must_use]
    pub fn host(&self) -> String {
        self.endpoints.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    /// A parameter from after the `?`, if the URL sets it.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a transaction pooler stands before the server, which `pgbouncer=true` announces: a statement that one
    /// transaction names is not there for the next.
    #[must_use]
    pub fn is_pooled(&self) -> bool {
        self.parameter(parameter::PGBOUNCER) == Some("true")
    }

    /// The most connections that the URL allows a pool, its `connection_limit`.
    #[must_use]
    pub fn connection_limit(&self) -> Option<u32> {
        self.parameter(parameter::CONNECTION_LIMIT)?.parse().ok()
    }

    /// How long the URL lets a call wait for a connection of a pool, its `pool_timeout`.
    #[must_use]
    pub fn pool_timeout(&self) -> Option<Duration> {
        self.parameter(parameter::POOL_TIMEOUT)?.parse().ok().map(Duration::from_secs)
    }

    /// Whether the server is on this machine: every host is a socket or a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        // `hostaddr` wins over the host when the driver connects.
        self.endpoints.iter().all(Endpoint::is_local)
            && self.settings.get_hostaddrs().iter().all(|address| address.to_canonical().is_loopback())
    }

    /// The driver's settings for this URL.
    #[must_use]
    pub fn to_config(&self) -> Config {
        let mut config = self.settings.clone();
        config.user(&self.user).dbname(&self.database);
        if let Some(password) = &self.password {
            config.password(password);
        }
        for endpoint in &self.endpoints {
            config.host(&endpoint.host).port(endpoint.port);
        }
        config
    }

    /// The whole URL with its password, for an environment file or a person who asked for it.
    #[must_use]
    pub fn expose(&self) -> String {
        let password = self.password.as_deref().map(|password| encode(password, WORD));
        self.render(password.as_deref())
    }

    fn render(&self, password: Option<&str>) -> String {
        let user = encode(&self.user, WORD);
        let secret = password.map(|password| format!(":{password}")).unwrap_or_default();
        let database = encode(&self.database, WORD);
        let mut parameters: Vec<(&str, String)> = Vec::new();
        // A socket has no place before the path, and hosts and sockets do not mix there.
        let hosts = if self.endpoints.iter().any(Endpoint::is_socket) {
            let list = |part: fn(&Endpoint) -> String| self.endpoints.iter().map(part).collect::<Vec<_>>().join(",");
            parameters.push(("host", list(|endpoint| endpoint.host.clone())));
            parameters.push(("port", list(|endpoint| endpoint.port.to_string())));
            String::new()
        } else {
            self.host()
        };
        parameters.extend(self.parameters.iter().map(|(key, value)| (key.as_str(), value.clone())));
        let query: Vec<String> =
            parameters.iter().map(|(key, value)| format!("{key}={}", encode(value, VALUE))).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        format!("postgres://{user}{secret}@{hosts}/{database}{query}")
    }
}

impl Endpoint {
    fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    fn is_local(&self) -> bool {
        self.is_socket()
            || self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if self.is_socket() {
            write!(f, "{host}/.s.PGSQL.{port}")
        } else if host.contains(':') {
            write!(f, "[{host}]:{port}")
        } else {
            write!(f, "{}:{port}", encode(host, WORD))
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse::parse(text)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(self.password.as_ref().map(|_| "***")))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// What may stand unencoded in a user, a password, a host or a database.
const WORD: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same for the value of a parameter.
const VALUE: &AsciiSet = &WORD.remove(b'/').remove(b',').remove(b':');

fn encode(text: &str, keep: &'static AsciiSet) -> String {
    utf8_percent_encode(text, keep).to_string()
}
