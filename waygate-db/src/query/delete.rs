//! DELETE of one row by its key.

use std::marker::PhantomData;

use crate::error::Result;
use crate::model::{DeleteBy, Model};
use crate::row::key_param;
use crate::session::{CarriedBy, Executor};
use crate::sql;

/// A delete in the making, behind [`Model::delete`].
#[derive(Debug)]
#[must_use = "a delete does nothing until `exec(&session)` is awaited"]
pub struct Delete<M: Model> {
    key: M::Key,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Delete<M> {
    pub(crate) fn new(key: M::Key) -> Self {
        Self { key, model: PhantomData }
    }

    /// Deletes the row, and its children where their foreign keys cascade; says whether it was there.
    ///
    /// # Errors
    ///
    /// [`is_foreign_key_violation`](crate::Error::is_foreign_key_violation) when rows still refer to it, and the
    /// server's other refusals.
    pub async fn exec<S>(self, session: &S) -> Result<bool>
    where
        S: Executor,
        DeleteBy<M>: CarriedBy<S>,
    {
        let statement = sql::delete(M::TABLE, session.confined_to(), key_param(&self.key));
        Ok(session.run(statement).await?.affected() > 0)
    }
}
