//! UPDATE of one row by its key.

use std::marker::PhantomData;

use crate::crypto::Sealable;
use crate::error::Result;
use crate::model::{Model, UpdateBy};
use crate::row::key_param;
use crate::session::{CarriedBy, Executor, Reply};
use crate::sql::{self, Returning, Touch};
use crate::value::Value;

use super::read::{decode_one, not_found, parent_not_found};
use super::values::{Values, taken};

/// An update in the making, behind the generated `update(key)` and `patch()`.
#[derive(Debug)]
#[must_use = "an update does nothing until it is awaited"]
pub struct Update<M: Model> {
    key: M::Key,
    values: Values,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Update<M> {
    /// An update of the row with this key, without values.
    pub fn new(key: M::Key) -> Self {
        Self { key, values: Values::default(), model: PhantomData }
    }

    /// Gives the column at this place a value.
    #[expect(clippy::needless_pass_by_value, reason = "a setter takes its value")]
    pub fn set<T: Value>(&mut self, column: usize, value: T) {
        self.values.set(M::TABLE, column, &value);
    }

    /// Gives the sealed column at this place a value.
    #[expect(clippy::needless_pass_by_value, reason = "a setter takes its value, and it is wiped here")]
    pub fn seal<T: Sealable>(&mut self, column: usize, value: T) {
        self.values.seal(column, &value);
    }

    /// Changes the row. Without any value, it only checks that the row is there.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) when no row has this key in this scope, and the server's refusals.
    pub async fn exec<S>(self, session: &S) -> Result<()>
    where
        S: Executor,
        UpdateBy<M>: CarriedBy<S>,
    {
        let reply = self.run(session, Returning::Count).await?;
        if reply.affected() == 0 { Err(not_found::<M>()) } else { Ok(()) }
    }

    /// Changes the row and returns it. Without any value, it returns the row as it is.
    ///
    /// # Errors
    ///
    /// As [`exec`](Self::exec).
    pub async fn save<S>(self, session: &S) -> Result<M>
    where
        S: Executor,
        UpdateBy<M>: CarriedBy<S>,
    {
        let writes = !self.values.is_empty();
        let reply = self.run(session, Returning::Row).await?;
        decode_one::<M, S>(session, &reply)
            .await
            .map_err(|error| if writes { error.after_write() } else { error })?
            .ok_or_else(not_found::<M>)
    }

    async fn run<S: Executor>(self, session: &S, returning: Returning) -> Result<Reply> {
        let (table, tenant, key) = (M::TABLE, session.confined_to(), key_param(&self.key));
        if self.values.is_empty() {
            return session.run(sql::by_key(table, tenant, key)).await;
        }
        let mut change = self.values.into_change(session, table, &self.key).await?;
        change.empty_plain(table);
        let guards = change.guarded();
        let touch = Touch::of(session.dialect());
        let statement = sql::update(table, tenant, &key, change, touch, returning);
        let reply = session.run(statement).await.map_err(|error| parent_not_found(table, error))?;
        // A guard leaves the row alone as a missing key does: which of the two it was, the row itself says.
        if reply.affected() == 0
            && !guards.is_empty()
            && session.run(sql::by_key(table, tenant, key)).await?.rows().len() > 0
        {
            return Err(taken(table, &guards));
        }
        Ok(reply)
    }
}
