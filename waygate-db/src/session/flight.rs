//! One flight: a transaction's start, one statement and its COMMIT leave together and cost one round trip.
//!
//! What keeps it sound:
//!
//! - Only statements fly that are prepared already, or are sent whole with typed parameters. One that is prepared on the
//!   way would be executed after the COMMIT.
//! - Parameters are encoded before the flight, and every part is awaited, so BEGIN never lacks its COMMIT.
//! - The parts are first polled in a fixed order, because the driver sends in the order of first polls.
//! - The first error of any part is the result: COMMIT answers well even after a failed statement.
//! - A statement with a text of the user's own is rolled back, not committed, so that nothing it sets stays: neither a
//!   setting of the session nor one of the transaction that goes on.
//! - The connection is dirty from the first byte until COMMIT is answered; a dirty connection is never lent again.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_util::TryStreamExt;
use postgres_types::{FromSql, FromSqlOwned, Type};
use tokio_postgres::Client;

use crate::error::{Error, Kind, Result};
use crate::pool::driver::refused;
use crate::pool::{Connection, Ready};
use crate::row::Cells;
use crate::sql::{Access, Candour, Statement};
use crate::telemetry::Departure;

use super::opening::Opening;

/// What a statement answered.
#[derive(Debug)]
pub struct Reply {
    rows: Vec<tokio_postgres::Row>,
    affected: u64,
}

impl Reply {
    /// The rows' cells.
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = RawRow<'_>> {
        self.rows.iter().map(RawRow)
    }

    /// Keeps the rows whose place is marked.
    pub(crate) fn keep(&mut self, marks: &[bool]) {
        let mut marks = marks.iter();
        self.rows.retain(|_| marks.next().copied().unwrap_or(false));
    }

    /// Keeps the first rows, at most so many.
    pub(crate) fn truncate(&mut self, rows: usize) {
        self.rows.truncate(rows);
    }

    /// The only row of a statement that always answers with one.
    pub(crate) fn one(&self) -> Result<RawRow<'_>> {
        self.rows.first().map(RawRow).ok_or_else(|| Error::new(Kind::Decode, "the server answered without a row"))
    }

    /// How many rows the statement touched.
    pub(crate) fn affected(&self) -> u64 {
        self.affected
    }
}

/// One row of a reply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawRow<'a>(&'a tokio_postgres::Row);

impl<'a> RawRow<'a> {
    /// A cell's bytes; `None` for NULL.
    pub(crate) fn bytes(self, index: usize) -> Option<&'a [u8]> {
        let Raw(bytes) = self.0.try_get(index).ok()?;
        bytes
    }

    /// Decodes a cell of a statement that the library itself wrote.
    pub(crate) fn value<T: FromSqlOwned>(self, index: usize) -> Result<T> {
        self.0.try_get(index).map_err(|_| {
            Error::new(Kind::Decode, format!("column {index} of the library's own statement did not decode"))
        })
    }
}

impl Cells for RawRow<'_> {
    fn cell(&self, index: usize) -> Option<(&Type, Option<&[u8]>)> {
        let ty = self.0.columns().get(index)?.type_();
        Some((ty, self.bytes(index)))
    }
}

/// A cell's bytes, whatever its type.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Runs one statement between its opening and COMMIT, in one round trip; once more if the tables changed under its
/// prepared form, for then nothing took effect.
///
/// Dropping the future after its first poll leaves a transaction that the server commits by itself and a dirty
/// connection, which is discarded.
pub(super) async fn scoped(connection: &Connection, opening: &Opening, statement: &Statement) -> Result<Reply> {
    let departure = Departure::now();
    let result = match scoped_once(connection, opening, statement).await {
        Err(error) if error.is_stale_statement() => {
            connection.forget(&statement.text);
            scoped_once(connection, opening, statement).await
        }
        result => result,
    };
    departure.record(&statement.text, opening.reason.as_deref(), &result, Reply::affected);
    result
}

async fn scoped_once(connection: &Connection, opening: &Opening, statement: &Statement) -> Result<Reply> {
    let settings = ready(connection, opening.settings.as_ref()).await?;
    let ready = connection.ready(statement).await?;
    let client = connection.client();
    let end = if statement.access == Access::Raw { "ROLLBACK" } else { "COMMIT" };
    connection.mark_dirty();
    let (begun, set, reply, committed) = in_order(
        client.batch_execute(&opening.begin),
        perhaps(client, settings),
        execute(client, &ready, statement),
        client.batch_execute(end),
    )
    .await;
    if committed.is_ok() {
        connection.mark_clean();
    }
    begun?;
    set?;
    let reply = reply?;
    committed.map_err(|error| refused_at_end(&error, statement.candour))?;
    Ok(reply)
}

/// A refused COMMIT: the triggers that wait for it may be those of any row that the transaction took along.
pub(super) fn refused_at_end(error: &tokio_postgres::Error, candour: Candour) -> Error {
    refused(error, if candour == Candour::Open { Candour::Open } else { Candour::Closed })
}

/// Opens a transaction that goes on, in one round trip. The caller ends it, or the connection stays dirty.
pub(super) async fn open(connection: &Connection, opening: &Opening) -> Result<()> {
    let settings = ready(connection, opening.settings.as_ref()).await?;
    let client = connection.client();
    connection.mark_dirty();
    let (begun, set, ..) =
        in_order(client.batch_execute(&opening.begin), perhaps(client, settings), async {}, async {}).await;
    begun?;
    set
}

/// Makes a statement ready, if there is one.
async fn ready<'a>(
    connection: &Connection,
    statement: Option<&'a Statement>,
) -> Result<Option<(Ready, &'a Statement)>> {
    match statement {
        Some(statement) => Ok(Some((connection.ready(statement).await?, statement))),
        None => Ok(None),
    }
}

/// Runs a statement that sets something, if there is one.
async fn perhaps(client: &Client, statement: Option<(Ready, &Statement)>) -> Result<()> {
    match statement {
        Some((ready, statement)) => execute(client, &ready, statement).await.map(drop),
        None => Ok(()),
    }
}

/// Runs one statement as its own transaction, for handles that set no tenant; once more if its prepared form is stale.
pub(super) async fn alone(connection: &Connection, statement: &Statement) -> Result<Reply> {
    let departure = Departure::now();
    let result = match connection.busy(once(connection, statement)).await {
        Err(error) if error.is_stale_statement() => {
            connection.forget(&statement.text);
            connection.busy(once(connection, statement)).await
        }
        result => result,
    };
    let result = result.map_err(Error::without_tenant);
    departure.record(&statement.text, None, &result, Reply::affected);
    result
}

/// Runs one statement inside the transaction that the connection is in.
pub(super) async fn within(connection: &Connection, reason: Option<&str>, statement: &Statement) -> Result<Reply> {
    let departure = Departure::now();
    let result = match statement.access {
        Access::Raw => undone(connection, statement).await,
        Access::Read | Access::Write => once(connection, statement).await,
    };
    departure.record(&statement.text, reason, &result, Reply::affected);
    result
}

/// Runs one statement in a savepoint, and takes back what it did beside answering: a setting of the tenant would lead
/// the transaction's later statements astray.
///
/// All four parts are queued within one poll, so no other statement of the transaction falls between them. Dropping the
/// future after that changes nothing of it.
async fn undone(connection: &Connection, statement: &Statement) -> Result<Reply> {
    let ready = connection.ready(statement).await?;
    let client = connection.client();
    let (saved, reply, rolled_back, ()) = in_order(
        client.batch_execute("SAVEPOINT waygate_raw"),
        execute(client, &ready, statement),
        client.batch_execute("ROLLBACK TO SAVEPOINT waygate_raw; RELEASE SAVEPOINT waygate_raw"),
        async {},
    )
    .await;
    saved?;
    let reply = reply?;
    rolled_back?;
    Ok(reply)
}

async fn once(connection: &Connection, statement: &Statement) -> Result<Reply> {
    let ready = connection.ready(statement).await?;
    execute(connection.client(), &ready, statement).await
}

async fn execute(client: &Client, ready: &Ready, statement: &Statement) -> Result<Reply> {
    answer(client, ready, statement).await.map_err(|error| refused(&error, statement.candour))
}

async fn answer(client: &Client, ready: &Ready, statement: &Statement) -> Result<Reply, tokio_postgres::Error> {
    let params = &statement.params;
    let mut stream = pin!(match ready {
        Ready::Prepared(prepared) => client.query_raw(prepared, params).await?,
        Ready::Unnamed => {
            let typed = params.iter().map(|param| (param, param.ty().clone()));
            client.query_typed_raw(&statement.text, typed).await?
        }
    });
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    let affected = stream.rows_affected().unwrap_or(0);
    Ok(Reply { rows, affected })
}

/// Polls four futures in this order, each time, until all are done.
async fn in_order<A: Future, B: Future, C: Future, D: Future>(
    first: A,
    second: B,
    third: C,
    fourth: D,
) -> (A::Output, B::Output, C::Output, D::Output) {
    let (mut first, mut second, mut third, mut fourth) = (pin!(first), pin!(second), pin!(third), pin!(fourth));
    let (mut a, mut b, mut c, mut d) = (None, None, None, None);
    poll_fn(move |cx| {
        poll_into(&mut a, first.as_mut(), cx);
        poll_into(&mut b, second.as_mut(), cx);
        poll_into(&mut c, third.as_mut(), cx);
        poll_into(&mut d, fourth.as_mut(), cx);
        match (a.take(), b.take(), c.take(), d.take()) {
            (Some(first), Some(second), Some(third), Some(fourth)) => Poll::Ready((first, second, third, fourth)),
            unfinished => {
                (a, b, c, d) = unfinished;
                Poll::Pending
            }
        }
    })
    .await
}

fn poll_into<F: Future>(output: &mut Option<F::Output>, future: Pin<&mut F>, cx: &mut Context<'_>) {
    if output.is_none()
        && let Poll::Ready(value) = future.poll(cx)
    {
        *output = Some(value);
    }
}
