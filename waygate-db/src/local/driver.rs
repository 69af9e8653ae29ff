//! A plain connection for administration, and the driver's errors in the library's words.

use std::time::Duration;

use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use crate::error::{Error, Kind, Result, ServerReport};
use crate::url::DatabaseUrl;

/// How often a statement is tried that others run at the same moment.
const ATTEMPTS: u64 = 20;

/// Opens one connection, outside every pool, and serves it on a task of its own until the client is dropped.
///
/// # Errors
///
/// [`is_connect`](Error::is_connect) when the server cannot be reached or refuses the login.
pub async fn connect(url: &DatabaseUrl) -> Result<Client> {
    let (client, connection) = url.to_config().connect(NoTls).await.map_err(|error| {
        let why = error.as_db_error().map_or_else(|| cause(&error), |refusal| refusal.message().to_owned());
        Error::new(Kind::Connect, format!("{url} cannot be reached: {why}"))
            .help("check that the server runs there and that the URL's user and password are its")
    })?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(error = %driver(error), "a connection for administration ended");
        }
    });
    Ok(client)
}

/// Runs a statement of this room and returns its first column; none of them holds data of a tenant.
pub(super) async fn first_column(client: &Client, sql: &str) -> Result<Vec<String>> {
    let messages = client.simple_query(sql).await.map_err(driver)?;
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.try_get(0).ok().flatten().map(ToOwned::to_owned),
        _ => None,
    });
    Ok(rows.collect())
}

/// Runs statements of this room, unless a query finds what they make; says whether it ran them.
///
/// Whoever writes the same catalog row at the same moment as another session looks again. Advisory locks cannot keep
/// them apart: they are per database, and roles and databases are not.
pub(super) async fn run(client: &Client, unless: Option<&str>, sql: &str) -> Result<bool> {
    let mut attempt = 1;
    loop {
        if let Some(query) = unless
            && !first_column(client, query).await?.is_empty()
        {
            return Ok(false);
        }
        match client.batch_execute(sql).await.map_err(driver) {
            Err(error) if attempt < ATTEMPTS && lost_a_race(&error) => {
                tokio::time::sleep(Duration::from_millis(5 * attempt)).await;
                attempt += 1;
            }
            result => return result.map(|()| true),
        }
    }
}

/// The object came into being, or its row was written, by another session in the meantime.
fn lost_a_race(error: &Error) -> bool {
    const DUPLICATE_OBJECT: &str = "42710";
    const UNIQUE_VIOLATION: &str = "23505";
    const TUPLE_CONCURRENTLY_UPDATED: &str = "XX000";
    error.code().is_some_and(|code| [DUPLICATE_OBJECT, UNIQUE_VIOLATION, TUPLE_CONCURRENTLY_UPDATED].contains(&code))
}

/// The driver's error without the server's DETAIL, which may quote a row.
#[expect(clippy::needless_pass_by_value, reason = "it stands alone in `map_err`")]
pub(super) fn driver(error: tokio_postgres::Error) -> Error {
    let Some(refusal) = error.as_db_error() else {
        let kind = if error.is_closed() { Kind::ConnectionLost } else { Kind::Connect };
        return Error::new(kind, format!("the connection failed: {}", cause(&error)));
    };
    Error::new(Kind::Server, format!("the server refused: {}", refusal.message())).reported(ServerReport {
        code: refusal.code().code().to_owned(),
        constraint: refusal.constraint().map(ToOwned::to_owned),
        table: refusal.table().map(ToOwned::to_owned),
        column: refusal.column().map(ToOwned::to_owned),
    })
}

/// The innermost cause, which says most: "connection refused" rather than "error connecting to server".
fn cause(error: &tokio_postgres::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
