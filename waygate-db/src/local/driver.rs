//! A plain connection for administration.

use std::time::Duration;

use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use crate::error::{Error, Result};
use crate::pool::driver::connect_error;
use crate::url::DatabaseUrl;

/// How often a statement is tried that others run at the same moment.
const ATTEMPTS: u64 = 20;

/// Opens one connection, outside every pool, and serves it on a task of its own until the client is dropped.
///
/// # Errors
///
/// [`is_connect`](Error::is_connect) when the server cannot be reached or refuses the login.
pub async fn connect(url: &DatabaseUrl) -> Result<Client> {
    let (client, connection) =
        url.to_config().connect(NoTls).await.map_err(|error| connect_error(&error, &url.to_string()))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(error = %Error::from(error), "a connection for administration ended");
        }
    });
    Ok(client)
}

/// Runs a statement of this room and returns its first column; none of them holds data of a tenant.
pub(crate) async fn first_column(client: &Client, sql: &str) -> Result<Vec<String>> {
    let messages = client.simple_query(sql).await.map_err(Error::from)?;
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
        match client.batch_execute(sql).await.map_err(Error::from) {
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
