//! [`AnonymousScope`]: a visitor's handle.

use std::fmt;

use super::access::{ReachesShared, sealed};
use super::db::Login;
use super::opening::Behalf;
use super::{Db, Executor, Reply};
use crate::error::Result;
use crate::keys::Vault;
use crate::schema::Dialect;
use crate::sql::Statement;
use crate::value::TenantId;

/// A handle for visitors who have not logged in: it reads what everyone may, and nothing else.
///
/// In the dialect [`Supabase`](crate::Dialect::Supabase) its statements run as the role `anon`, without claims; in the
/// others it is what [`Db`] is.
#[derive(Clone)]
pub struct AnonymousScope {
    db: Db,
}

impl AnonymousScope {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }
}

impl sealed::Sealed for AnonymousScope {}

impl Executor for AnonymousScope {
    fn confined_to(&self) -> Option<TenantId> {
        None
    }

    fn dialect(&self) -> &Dialect {
        self.db.dialect()
    }

    fn vault(&self) -> &Vault {
        self.db.keys()
    }

    async fn run(&self, statement: Statement) -> Result<Reply> {
        self.db.run_as(Login::App, Behalf::Anonymous, &statement).await
    }

    async fn run_aside(&self, statement: Statement) -> Result<Reply> {
        self.run(statement).await
    }
}

impl ReachesShared for AnonymousScope {}

impl fmt::Debug for AnonymousScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnonymousScope").finish_non_exhaustive()
    }
}
