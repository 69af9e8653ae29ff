//! INSERT of one row.

use std::marker::PhantomData;

use crate::crypto::Sealable;
use crate::error::{Error, Kind, Result};
use crate::model::{InsertBy, Model};
use crate::session::{CarriedBy, Executor};
use crate::sql::{self, OnConflict};
use crate::value::{Key, Value};

use super::read::{decode_one, parent_not_found};
use super::values::{Values, taken};

/// An insert in the making, behind the generated `create()`.
#[derive(Debug)]
pub struct Insert<M: Model> {
    key: Option<M::Key>,
    values: Values,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Insert<M> {
    /// An insert without values.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "generated code makes it, with values to follow")]
    pub fn new() -> Self {
        Self { key: None, values: Values::default(), model: PhantomData }
    }

    /// Gives the row this key instead of a new one.
    pub fn set_key(&mut self, key: M::Key) {
        self.key = Some(key);
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

    /// Inserts the row and returns it with what the database filled in.
    ///
    /// # Errors
    ///
    /// [`is_unique_violation`](Error::is_unique_violation), [`is_foreign_key_violation`](Error::is_foreign_key_violation),
    /// [`is_too_long`](Error::is_too_long) and the server's other refusals; [`is_key`](Error::is_key) when a sealed
    /// column's key is out of reach.
    pub async fn insert<S>(self, session: &S) -> Result<M>
    where
        S: Executor,
        InsertBy<M>: CarriedBy<S>,
    {
        let row = self.run(session, OnConflict::Fail).await?;
        row.ok_or_else(|| Error::new(Kind::Decode, format!("{}: the insert returned no row", M::TABLE.name)))
    }

    /// Inserts the row unless one with its key or a unique value of it is there; then returns `None`.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert), without the unique violation.
    pub async fn insert_if_absent<S>(self, session: &S) -> Result<Option<M>>
    where
        S: Executor,
        InsertBy<M>: CarriedBy<S>,
    {
        self.run(session, OnConflict::DoNothing).await
    }

    async fn run<S: Executor>(self, session: &S, on_conflict: OnConflict) -> Result<Option<M>> {
        let table = M::TABLE;
        let key = self.key.unwrap_or_else(M::Key::generate);
        let mut values = self.values;
        values.set(table, table.key, &key);
        let change = values.into_change(session, table, &key).await?;
        let guards = change.guarded();
        let statement = sql::insert(table, session.confined_to(), change, on_conflict);
        let reply = session.run(statement).await.map_err(|error| parent_not_found(table, error))?;
        if reply.rows().len() == 0 && on_conflict == OnConflict::Fail && !guards.is_empty() {
            return Err(taken(table, &guards));
        }
        decode_one::<M, S>(session, &reply).await.map_err(Error::after_write)
    }
}
