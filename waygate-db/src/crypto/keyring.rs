//! The unwrapped data keys that this process holds.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::data_key::DataKey;
use super::key::{KeyId, KeyScope};

/// How long a key is held before it is fetched again.
const DEFAULT_LIFE: Duration = Duration::from_secs(15 * 60);

/// How much earlier than its end a key counts as missing.
const FETCH_AHEAD: Duration = Duration::from_secs(60);

/// The data keys in memory, by id and by scope, each for a limited time.
///
/// A key that was rotated or destroyed elsewhere is forgotten here within that time.
pub struct Keyring {
    life: Duration,
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    /// When the keys that were destroyed were, as far as somebody asked.
    destroyed: HashMap<KeyId, DateTime<Utc>>,
    keys: HashMap<KeyId, Entry>,
    active: HashMap<KeyScope, Entry>,
}

struct Entry {
    key: Arc<DataKey>,
    since: Instant,
    /// When it ends; `None` when that lies beyond what the clock can count.
    until: Option<Instant>,
}

impl Entry {
    fn is_live(&self, at: Instant) -> bool {
        self.until.is_none_or(|until| at < until)
    }

    fn live_key(&self) -> Option<Arc<DataKey>> {
        self.is_live(Instant::now()).then(|| Arc::clone(&self.key))
    }
}

impl Keyring {
    /// An empty keyring that holds each key for this long.
    #[must_use]
    pub fn new(life: Duration) -> Self {
        Self { life, held: RwLock::default() }
    }

    /// The key with this id.
    #[must_use]
    pub fn get(&self, id: &KeyId) -> Option<Arc<DataKey>> {
        self.read().keys.get(id)?.live_key()
    }

    /// The key with this id, if it has been held since then and not from before.
    #[must_use]
    pub fn since(&self, id: &KeyId, then: Instant) -> Option<Arc<DataKey>> {
        self.read().keys.get(id).filter(|entry| entry.since >= then)?.live_key()
    }

    /// When the key with this id was destroyed, if that is known.
    #[must_use]
    pub fn destroyed(&self, id: &KeyId) -> Option<DateTime<Utc>> {
        self.read().destroyed.get(id).copied()
    }

    /// Remembers that a key was destroyed, which is for ever.
    pub fn note_destroyed(&self, id: KeyId, at: DateTime<Utc>) {
        let mut held = self.write();
        held.forget(&id);
        held.destroyed.insert(id, at);
    }

    /// Forgets the key with this id, which was rotated out or destroyed.
    pub fn forget(&self, id: &KeyId) {
        self.write().forget(id);
    }

    /// Forgets all keys, any of which may have been rotated out or destroyed.
    pub fn forget_all(&self) {
        let mut held = self.write();
        held.keys.clear();
        held.active.clear();
    }

    /// Holds a key, to open what was sealed under it.
    pub fn insert(&self, key: Arc<DataKey>) {
        let entry = self.entry(key);
        let mut held = self.write();
        held.forget_expired();
        held.keys.insert(entry.key.id(), entry);
    }

    /// The key that this scope's values are sealed under.
    #[must_use]
    pub fn active(&self, scope: &KeyScope) -> Option<Arc<DataKey>> {
        self.read().active.get(scope)?.live_key()
    }

    /// Holds a key as the one that its scope's values are sealed under.
    pub fn set_active(&self, key: Arc<DataKey>) {
        let (entry, active) = (self.entry(Arc::clone(&key)), self.entry(key));
        let mut held = self.write();
        held.forget_expired();
        held.keys.insert(entry.key.id(), entry);
        held.active.insert(active.key.scope(), active);
    }

    /// A ring of those of these keys that are at hand, which nothing is taken from any more, and which must be fetched
    /// first, each once, in the order given.
    ///
    /// Cells are opened with such a ring: from this one a key can go at any moment, because it was rotated out elsewhere.
    #[must_use]
    pub fn pinned(&self, ids: impl IntoIterator<Item = KeyId>) -> (Self, Vec<KeyId>) {
        let soon = Instant::now() + FETCH_AHEAD.min(self.life / 10);
        let (held, pinned) = (self.read(), Self::new(Duration::MAX));
        let (mut seen, mut missing) = (HashSet::new(), Vec::new());
        for id in ids {
            match held.keys.get(&id).filter(|entry| entry.is_live(soon)) {
                _ if !seen.insert(id) => {}
                Some(entry) => pinned.insert(Arc::clone(&entry.key)),
                None => missing.push(id),
            }
        }
        (pinned, missing)
    }

    fn entry(&self, key: Arc<DataKey>) -> Entry {
        let since = Instant::now();
        Entry { key, since, until: since.checked_add(self.life) }
    }

    // A poisoned lock is taken all the same: each change is one insertion, so the maps are whole.
    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn forget(&mut self, id: &KeyId) {
        self.keys.remove(id);
        self.active.retain(|_, entry| entry.key.id() != *id);
    }

    /// Drops what is past its time, and with the last user its secret bytes.
    fn forget_expired(&mut self) {
        let now = Instant::now();
        self.keys.retain(|_, entry| entry.is_live(now));
        self.active.retain(|_, entry| entry.is_live(now));
    }
}

/// Holds each key for 15 minutes.
impl Default for Keyring {
    fn default() -> Self {
        Self::new(DEFAULT_LIFE)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("keys", &self.read().keys.len()).finish_non_exhaustive()
    }
}
