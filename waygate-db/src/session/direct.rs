//! One direct connection as a login, for the audit: what the login may do is tried on it as the server sees it.

use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::Refusal;
use crate::error::{Error, Kind, Result};
use crate::pool::driver::connect_error;
use crate::url::DatabaseUrl;

/// How long a connection may take when the URL does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A row, as the server prints it.
pub(crate) type TextRow = Vec<Option<String>>;

/// One connection outside every pool, as the login of its URL and nobody else. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Direct {
    client: Client,
    traffic: JoinHandle<()>,
}

/// What a statement answered.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<TextRow>,
    /// How many rows it says it touched.
    pub(crate) affected: u64,
}

impl Direct {
    /// Connects.
    ///
    /// # Errors
    ///
    /// [`is_connect`](Error::is_connect) when the server is out of reach or refuses the login.
    pub(crate) async fn connect(url: &DatabaseUrl) -> Result<Self> {
        let mut config = url.to_config();
        if config.get_application_name().is_none() {
            config.application_name("waygate audit");
        }
        let limit = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
        let (client, connection) = tokio::time::timeout(limit, config.connect(NoTls))
            .await
            .map_err(|_| Error::new(Kind::Connect, format!("{url} did not answer within {limit:?}")))?
            .map_err(|error| connect_error(&error, &url.to_string()))?;
        let traffic = tokio::spawn(async move {
            // Whoever waits for an answer learns of the broken connection through it.
            if let Err(error) = connection.await {
                tracing::debug!(error = %Error::from(error), "a connection of the audit ended");
            }
        });
        Ok(Self { client, traffic })
    }

    /// Runs a script: one or more statements, as one message.
    pub(crate) async fn run(&self, script: &str) -> Result<(), Refusal> {
        self.client.batch_execute(script).await.map_err(Refusal::from)
    }

    /// Runs one statement, unprepared.
    pub(crate) async fn ask(&self, sql: &str) -> Result<Answer, Refusal> {
        let mut answer = Answer::default();
        for message in self.client.simple_query(sql).await? {
            match message {
                SimpleQueryMessage::CommandComplete(affected) => answer.affected = affected,
                message => answer.rows.extend(text_row(message)),
            }
        }
        Ok(answer)
    }

    /// Runs one statement, unprepared, and returns its rows.
    pub(crate) async fn rows(&self, sql: &str) -> Result<Vec<TextRow>, Refusal> {
        self.ask(sql).await.map(|answer| answer.rows)
    }

    /// The lines of a `COPY … TO STDOUT` in text format. It stops reading at the first that is not `expected`.
    pub(crate) async fn copy_out(&self, sql: &str, expected: impl Fn(&str) -> bool) -> Result<Vec<String>, Refusal> {
        let mut stream = pin!(self.client.copy_out(sql).await?);
        let mut lines = Vec::new();
        // The server sends each row as a message of its own.
        while let Some(line) = stream.try_next().await? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let goes_on = expected(&line);
            lines.push(line);
            if !goes_on {
                break;
            }
        }
        Ok(lines)
    }

    /// Asks for a `COPY … FROM STDIN`. No row is sent: where the server does not refuse, the connection is given up.
    pub(crate) async fn copy_in(self, sql: &str) -> Result<(), Refusal> {
        match self.client.batch_execute(sql).await {
            // The driver expects no invitation to send rows after a simple query, and says so.
            Err(error) if error.as_db_error().is_none() && !self.client.is_closed() => Ok(()),
            result => result.map_err(Refusal::from),
        }
    }

    /// Runs a statement that sleeps, and has it cancelled.
    pub(crate) async fn cancel(&self, sleep: &str) -> Result<(), Refusal> {
        let mut statement = pin!(self.client.batch_execute(sleep));
        let token = self.client.cancel_token();
        let mut requests = 0;
        loop {
            // A request that comes before the statement does nothing, so there may be a second one.
            let wait = if requests == 0 { Duration::from_millis(5) } else { Duration::from_secs(1) };
            tokio::select! {
                biased;
                answer = &mut statement => {
                    // The server signals twice for each request (up to 16), and a first request may have been slow
                    // only: what comes late would hit the next statement. An idle session ignores it.
                    tokio::time::sleep(Duration::from_millis(if requests > 1 { 500 } else { 50 })).await;
                    return answer.map_err(Refusal::from);
                }
                () = tokio::time::sleep(wait) => {
                    token.cancel_query(NoTls).await?;
                    requests += 1;
                }
            }
        }
    }
}

/// The row that a message carries, if it carries one.
pub(super) fn text_row(message: SimpleQueryMessage) -> Option<TextRow> {
    match message {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|at| row.try_get(at).ok().flatten().map(str::to_owned)).collect())
        }
        _ => None,
    }
}

impl Drop for Direct {
    fn drop(&mut self) {
        // The connection's task would wait for the statement under way; ending it closes the socket at once.
        self.traffic.abort();
    }
}
