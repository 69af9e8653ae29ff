//! [`Query`]: rows by filter, order and limit.

use std::marker::PhantomData;

use crate::error::{Error, Kind, Result};
use crate::model::{Model, ReadBy};
use crate::session::{CarriedBy, Executor};
use crate::sql::{self, Order};

use super::blind::BlindPredicate;
use super::read::decode;
use super::window::{Window, found};
use super::{Cursor, IntoOrder, IntoPredicate, Page, page};

/// A query over rows of `M`, refined by `filter`, `order_by` and `limit`, and run by its last verb.
#[derive(Debug)]
#[must_use = "a query does nothing until a verb such as `all(&session)` is awaited"]
pub struct Query<M: Model> {
    filter: BlindPredicate<M>,
    order: Vec<Order>,
    limit: Option<u32>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Query<M> {
    pub(crate) fn new() -> Self {
        Self { filter: BlindPredicate::everything(), order: Vec::new(), limit: None, model: PhantomData }
    }

    /// Keeps only rows that meet this condition too.
    pub fn filter<P: IntoPredicate<M>>(mut self, condition: impl FnOnce(M::Columns) -> P) -> Self {
        self.filter = self.filter.and(condition(M::COLUMNS).into_blind());
        self
    }

    /// As [`filter`](Self::filter) with the value, if there is one; `None` adds nothing.
    pub fn filter_opt<T, P>(self, value: Option<T>, condition: impl FnOnce(M::Columns, T) -> P) -> Self
    where
        P: IntoPredicate<M>,
    {
        match value {
            Some(value) => self.filter(|columns| condition(columns, value)),
            None => self,
        }
    }

    /// Orders the rows, by one column or a tuple of them; a later call orders rows that are equal so far.
    pub fn order_by<O: IntoOrder<M>>(mut self, order: impl FnOnce(M::Columns) -> O) -> Self {
        self.order.extend(order(M::COLUMNS).into_order().columns);
        self
    }

    /// Takes at most so many rows.
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(rows);
        self
    }

    /// All rows that match.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) or [`is_decrypt`](Error::is_decrypt) for a row that does not read, the server's
    /// refusals and the connection's errors.
    pub async fn all<S>(self, session: &S) -> Result<Vec<M>>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        let limit = self.limit;
        self.rows(session, limit).await
    }

    /// The only row that matches.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) without a row, [`is_too_many_rows`](Error::is_too_many_rows) with several;
    /// else as [`all`](Self::all).
    pub async fn one<S>(self, session: &S) -> Result<M>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        self.optional(session).await?.ok_or_else(|| {
            Error::new(Kind::NotFound, format!("{}: no row matches in this scope", M::TABLE.name))
                .help("use `optional` where a row may be missing")
        })
    }

    /// The only row that matches, if there is one.
    ///
    /// # Errors
    ///
    /// [`is_too_many_rows`](Error::is_too_many_rows) with several rows; else as [`all`](Self::all).
    pub async fn optional<S>(self, session: &S) -> Result<Option<M>>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        let limit = self.limit.map_or(2, |limit| limit.min(2));
        let mut rows = self.rows(session, Some(limit)).await?;
        let row = rows.pop();
        if rows.is_empty() {
            Ok(row)
        } else {
            Err(Error::new(Kind::TooManyRows, format!("{}: more than one row matches", M::TABLE.name))
                .help("filter by a unique column, or take the first with `order_by` and `limit(1)`"))
        }
    }

    /// How many rows match. Order and limit do not matter. A search of a sealed column reads and opens the rows that it
    /// counts.
    ///
    /// # Errors
    ///
    /// The server's refusals and the connection's errors; for a search of a sealed column also as [`all`](Self::all).
    pub async fn count<S>(self, session: &S) -> Result<u64>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        let filter = self.filter.resolve(session).await?;
        if filter.is_blind() {
            return Ok(found::<M, S>(session, &filter, &Window::default()).await?.rows().len() as u64);
        }
        let reply = session.run(sql::count(M::TABLE, session.confined_to(), filter.node)).await?;
        let count: i64 = reply.one()?.value(0)?;
        Ok(count.unsigned_abs())
    }

    /// Whether any row matches.
    ///
    /// # Errors
    ///
    /// As [`count`](Self::count).
    pub async fn exists<S>(self, session: &S) -> Result<bool>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        let filter = self.filter.resolve(session).await?;
        if filter.is_blind() {
            let first = Window { limit: Some(1), ..Window::default() };
            return Ok(found::<M, S>(session, &filter, &first).await?.rows().len() > 0);
        }
        let reply = session.run(sql::exists(M::TABLE, session.confined_to(), filter.node)).await?;
        reply.one()?.value(0)
    }

    /// One page of at most `size` rows, after the cursor of the page before. The key is added to the order, so that it
    /// is total; no row is skipped or repeated while others come and go.
    ///
    /// # Errors
    ///
    /// [`is_invalid_cursor`](Error::is_invalid_cursor) for a cursor that is not this query's,
    /// [`is_invalid_query`](Error::is_invalid_query) when the order has a nullable column, the size is zero or the query
    /// has a `limit`; else as [`all`](Self::all).
    pub async fn page<S>(mut self, after: Option<Cursor>, size: u32, session: &S) -> Result<Page<M>>
    where
        S: Executor,
        ReadBy<M>: CarriedBy<S>,
    {
        page::check::<M>(&self.order, self.limit, size)?;
        page::complete::<M>(&mut self.order);
        let after = after.map(|cursor| cursor.into_values(M::TABLE, &self.order)).transpose()?;
        let is_later = after.is_some();
        let filter = self.filter.resolve(session).await?;
        let window = Window { order: self.order, limit: Some(size.saturating_add(1)), after };
        let reply = found::<M, S>(session, &filter, &window).await;
        let reply = if is_later { reply.map_err(page::blame_cursor)? } else { reply? };
        page::cut::<M, S>(session, &reply, &window.order, size as usize).await
    }

    async fn rows<S: Executor>(self, session: &S, limit: Option<u32>) -> Result<Vec<M>> {
        let filter = self.filter.resolve(session).await?;
        let reply = found::<M, S>(session, &filter, &Window { order: self.order, limit, after: None }).await?;
        decode::<M, S>(session, &reply).await
    }
}
