//! The index keys of a scope: one that writes, and all that may have written.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::{StoredKey, TRIES, Vault, key_columns, scope_params};
use crate::crypto::{DataKey, KeyPurpose, KeyScope};
use crate::error::{Error, Kind, Result};
use crate::session::Executor;
use crate::sql::Statement;

/// In the order of their numbers. A key that is pending finds already, and does not write yet.
const LIVE: &str = concat!(
    "SELECT ",
    key_columns!(),
    ", state = 'active' FROM waygate.data_keys",
    " WHERE scope = $1 AND purpose = $2 AND state <> 'destroyed' ORDER BY version"
);

/// The index keys of one scope that are not destroyed.
#[derive(Debug)]
pub(crate) struct IndexKeys {
    live: Vec<Arc<DataKey>>,
    active: Option<usize>,
}

impl IndexKeys {
    /// Every key under which a stored digest may have been made.
    pub(crate) fn live(&self) -> &[Arc<DataKey>] {
        &self.live
    }

    /// The key that digests are written under; `None` before the first.
    pub(crate) fn active(&self) -> Option<&DataKey> {
        self.active.and_then(|place| self.live.get(place)).map(|key| &**key)
    }

    /// The keys of other digests that are still stored.
    pub(crate) fn others(&self) -> impl Iterator<Item = &DataKey> {
        self.live.iter().enumerate().filter(|(place, _)| Some(*place) != self.active).map(|(_, key)| &**key)
    }
}

/// The index keys at hand, by scope, each for a limited time. A new key is pending for longer than that before it writes,
/// so that everybody looks for its digests by then.
#[derive(Debug)]
pub(super) struct Held {
    life: Duration,
    scopes: RwLock<HashMap<KeyScope, (Arc<IndexKeys>, Instant)>>,
}

impl Held {
    pub(super) fn new(life: Duration) -> Self {
        Self { life, scopes: RwLock::default() }
    }

    pub(super) fn forget_all(&self) {
        self.scopes.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn get(&self, scope: &KeyScope) -> Option<Arc<IndexKeys>> {
        // A poisoned map is whole: each change of it is one insertion.
        let held = self.scopes.read().unwrap_or_else(PoisonError::into_inner);
        held.get(scope).filter(|(_, since)| since.elapsed() < self.life).map(|(keys, _)| Arc::clone(keys))
    }

    fn put(&self, scope: KeyScope, keys: &Arc<IndexKeys>) {
        let mut held = self.scopes.write().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, (_, since)| since.elapsed() < self.life);
        held.insert(scope, (Arc::clone(keys), Instant::now()));
    }
}

impl Vault {
    /// The index keys of this scope, for a search. There may be none: then nothing was ever indexed.
    pub(crate) async fn index_keys<S: Executor>(&self, session: &S, scope: KeyScope) -> Result<Arc<IndexKeys>> {
        if let Some(keys) = self.index.get(&scope) {
            return Ok(keys);
        }
        self.is_used();
        let reply = session.run(Statement::read(LIVE, scope_params(&scope, KeyPurpose::Index)?)).await?;
        let stored = reply.rows().map(StoredKey::read).collect::<Result<Vec<_>>>()?;
        let is_active = reply.rows().map(|row| row.value::<bool>(8)).collect::<Result<Vec<_>>>()?;
        let live = self.open(&stored).await?;
        let keys = Arc::new(IndexKeys { live, active: is_active.iter().position(|active| *active) });
        // Without one the first is about to be made, here or elsewhere.
        if keys.active.is_some() {
            self.index.put(scope, &keys);
        }
        Ok(keys)
    }

    /// The index keys of this scope, for a write: one is made if there is none.
    pub(crate) async fn index_keys_to_write<S: Executor>(
        &self,
        session: &S,
        scope: KeyScope,
    ) -> Result<Arc<IndexKeys>> {
        for _ in 0..TRIES {
            let keys = self.index_keys(session, scope).await?;
            if keys.active.is_some() {
                return Ok(keys);
            }
            self.create(session, &scope, KeyPurpose::Index).await.map_err(|error| not_the_services(scope, error))?;
        }
        Err(Error::new(Kind::Key, format!("no active index key for scope {scope} could be made"))
            .help("look into waygate.data_keys: a key that is pending or a constraint may be in the way"))
    }
}

/// A tenant's session makes its own tenant's keys and no other.
fn not_the_services(scope: KeyScope, error: Error) -> Error {
    if scope == KeyScope::App && error.is_permission_denied() {
        return Error::new(Kind::Key, "the application has no index key yet, and a tenant's session may not make one")
            .help("run `waygate keys init` once, or write the first row as the service")
            .caused_by(error);
    }
    error
}
