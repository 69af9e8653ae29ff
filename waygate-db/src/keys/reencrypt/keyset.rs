//! The keys that a worker has at hand: those that open its cells, and those that seal them now.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::batch::Batch;
use crate::crypto::{DataKey, KeyId, KeyPurpose, KeyScope, Keyring};
use crate::error::{Error, Kind, Result};
use crate::keys::columns::SealedTable;
use crate::keys::stored::{self, Stored};
use crate::session::Executor;
use crate::sql::Statement;
use crate::value::Param;

/// Neither rotation nor shredding passes until the transaction ends.
const HOLD: &str =
    "SELECT key_id FROM waygate.data_keys WHERE key_id = ANY($1) AND state = 'active' ORDER BY key_id FOR SHARE";

const ACTIVE: &str = "WHERE scope = ANY($1) AND purpose = $2 AND state = 'active'";

/// Keys by their ids and scopes.
pub(in crate::keys) struct Keyset {
    pub(in crate::keys) ring: Keyring,
    /// The scope of each key of the ring.
    scopes: HashMap<KeyId, KeyScope>,
    /// Keys that were destroyed on purpose.
    destroyed: HashSet<KeyId>,
    active: HashMap<KeyScope, Arc<DataKey>>,
}

/// Empty, and holding what it gets for as long as it lives: states are asked for batch by batch.
impl Default for Keyset {
    fn default() -> Self {
        Self {
            ring: Keyring::new(Duration::MAX),
            scopes: HashMap::new(),
            destroyed: HashSet::new(),
            active: HashMap::new(),
        }
    }
}

impl Keyset {
    /// Loads what this batch needs: the keys that its cells name, and the active keys of their scopes as they are now.
    pub(super) async fn prepare<S: Executor>(
        &mut self,
        session: &S,
        sealed: &SealedTable,
        batch: &Batch,
    ) -> Result<()> {
        let named = batch.keys();
        if let Some(missing) = self.load(session, named.keys().copied()).await?.first() {
            let column = named.get(missing).map_or_else(String::new, |column| sealed.column_name(*column));
            return Err(missing_key(&column, missing));
        }
        let scopes: HashSet<KeyScope> = named.keys().filter_map(|id| self.scopes.get(id)).copied().collect();
        self.refresh(session, scopes).await
    }

    /// Loads keys by their ids; those that are not there.
    pub(in crate::keys) async fn load<S: Executor>(
        &mut self,
        session: &S,
        ids: impl Iterator<Item = KeyId>,
    ) -> Result<Vec<KeyId>> {
        let unknown: Vec<KeyId> =
            ids.filter(|id| !self.scopes.contains_key(id) && !self.destroyed.contains(id)).collect();
        if unknown.is_empty() {
            return Ok(Vec::new());
        }
        let found = stored::of_ids(session, &unknown).await?;
        let (gone, kept): (Vec<&Stored>, Vec<&Stored>) = found.iter().partition(|stored| stored.is_destroyed());
        self.destroyed.extend(gone.iter().map(|stored| stored.id));
        self.open(session, &kept).await?;
        Ok(unknown.into_iter().filter(|id| !self.scopes.contains_key(id) && !self.destroyed.contains(id)).collect())
    }

    async fn open<S: Executor>(&mut self, session: &S, stored: &[&Stored]) -> Result<Vec<Arc<DataKey>>> {
        let mut opened = Vec::new();
        if stored.is_empty() {
            return Ok(opened);
        }
        for key in stored::open(session.vault().provider()?, stored).await {
            let key = Arc::new(key?);
            self.scopes.insert(key.id(), key.scope());
            self.ring.insert(Arc::clone(&key));
            opened.push(key);
        }
        Ok(opened)
    }

    /// Asks once more which keys seal.
    async fn refresh<S: Executor>(&mut self, session: &S, scopes: HashSet<KeyScope>) -> Result<()> {
        let names: Vec<String> = scopes.iter().map(KeyScope::to_string).collect();
        let params = vec![Param::of(&names)?, Param::of(&i16::from(KeyPurpose::Encrypt.code()))?];
        let found = stored::select(session, ACTIVE, params).await?;
        let unknown: Vec<&Stored> = found.iter().filter(|stored| !self.scopes.contains_key(&stored.id)).collect();
        self.open(session, &unknown).await?;
        for scope in scopes {
            let active = found.iter().find(|stored| stored.scope() == scope);
            match active.and_then(|stored| self.ring.get(&stored.id)) {
                Some(key) => self.active.insert(scope, key),
                None => self.active.remove(&scope),
            };
        }
        Ok(())
    }

    pub(in crate::keys) fn is_destroyed(&self, id: &KeyId) -> bool {
        self.destroyed.contains(id)
    }

    /// The key that seals what this one has sealed.
    pub(super) fn successor(&self, id: &KeyId, column: &str) -> Result<&DataKey> {
        let scope = self.scopes.get(id).ok_or_else(|| missing_key(column, id))?;
        self.active.get(scope).map(Arc::as_ref).ok_or_else(|| {
            Error::new(Kind::Key, format!("{column}: scope {scope} has no active key to seal its cells under"))
                .help("`keys init --tenants` makes the missing ones; then run this again")
        })
    }

    /// Keeps these keys active until the transaction ends; whether they all are.
    pub(super) async fn hold<S: Executor>(&self, tx: &S, used: &HashSet<KeyId>) -> Result<bool> {
        if used.is_empty() {
            return Ok(true);
        }
        let ids: Vec<Vec<u8>> = used.iter().map(|id| id.0.to_vec()).collect();
        let held = tx.run(Statement::write(HOLD, vec![Param::of(&ids)?])).await?;
        Ok(held.rows().len() == used.len())
    }
}

fn missing_key(column: &str, id: &KeyId) -> Error {
    Error::new(Kind::UnknownKey, format!("{column}: data key {id} is not in waygate.data_keys"))
        .help("restore its row from a backup, then run this again; `keys doctor` counts the cells under it")
}
