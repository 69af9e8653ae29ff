//! One flight: a transaction's start, one prepared statement and its COMMIT leave together and cost one round trip.
//!
//! What keeps it sound:
//!
//! - Only prepared statements fly. A statement that is prepared on the way would be executed after the COMMIT.
//! - Parameters are encoded before the flight, and every part is awaited, so BEGIN never lacks its COMMIT.
//! - The parts are first polled in a fixed order, because the driver sends in the order of first polls.
//! - The first error of any part is the result: COMMIT answers well even after a failed statement.
//! - The connection is dirty from the first byte until COMMIT is answered; a dirty connection is never lent again.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_util::TryStreamExt;
use postgres_types::{FromSql, FromSqlOwned, Type};
use tokio_postgres::{Client, Statement as Prepared};

use crate::error::{Error, Kind, Result};
use crate::pool::Connection;
use crate::row::Cells;
use crate::sql::Statement;
use crate::telemetry::Departure;

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

/// Runs one statement between `begin` and COMMIT, in one round trip; once more if the tables changed under its prepared
/// form, for then nothing took effect.
///
/// Dropping the future after its first poll leaves a transaction that the server commits by itself and a dirty
/// connection, which is discarded.
pub(super) async fn scoped(connection: &Connection, begin: &str, statement: &Statement) -> Result<Reply> {
    let departure = Departure::now();
    let result = match scoped_once(connection, begin, statement).await {
        Err(error) if error.is_stale_statement() => {
            connection.forget(&statement.text);
            scoped_once(connection, begin, statement).await
        }
        result => result,
    };
    departure.record(&statement.text, &result, Reply::affected);
    result
}

async fn scoped_once(connection: &Connection, begin: &str, statement: &Statement) -> Result<Reply> {
    let prepared = connection.statement(&statement.text, &statement.params).await?;
    let client = connection.client();
    connection.mark_dirty();
    let (begin_result, reply, commit_result) =
        in_order(client.batch_execute(begin), execute(client, &prepared, statement), client.batch_execute("COMMIT"))
            .await;
    if commit_result.is_ok() {
        connection.mark_clean();
    }
    begin_result?;
    let reply = reply?;
    commit_result?;
    Ok(reply)
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
    departure.record(&statement.text, &result, Reply::affected);
    result
}

/// Runs one statement inside the transaction that the connection is in.
pub(super) async fn within(connection: &Connection, statement: &Statement) -> Result<Reply> {
    let departure = Departure::now();
    let result = once(connection, statement).await;
    departure.record(&statement.text, &result, Reply::affected);
    result
}

async fn once(connection: &Connection, statement: &Statement) -> Result<Reply> {
    let prepared = connection.statement(&statement.text, &statement.params).await?;
    execute(connection.client(), &prepared, statement).await
}

async fn execute(client: &Client, prepared: &Prepared, statement: &Statement) -> Result<Reply> {
    let mut stream = pin!(client.query_raw(prepared, &statement.params).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    let affected = stream.rows_affected().unwrap_or(0);
    Ok(Reply { rows, affected })
}

/// Polls three futures in this order, each time, until all are done.
pub(super) async fn in_order<A: Future, B: Future, C: Future>(
    first: A,
    second: B,
    third: C,
) -> (A::Output, B::Output, C::Output) {
    let (mut first, mut second, mut third) = (pin!(first), pin!(second), pin!(third));
    let (mut a, mut b, mut c) = (None, None, None);
    poll_fn(move |cx| {
        poll_into(&mut a, first.as_mut(), cx);
        poll_into(&mut b, second.as_mut(), cx);
        poll_into(&mut c, third.as_mut(), cx);
        match (a.take(), b.take(), c.take()) {
            (Some(first), Some(second), Some(third)) => Poll::Ready((first, second, third)),
            unfinished => {
                (a, b, c) = unfinished;
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
