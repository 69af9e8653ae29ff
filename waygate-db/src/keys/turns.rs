//! Turns at the provider: whoever asks for a key that somebody else is asking for waits for that answer.

use std::collections::BTreeSet;

use tokio::sync::{Mutex, MutexGuard};

use crate::crypto::KeyId;

/// How many keys can be asked for at once; those that share a place wait for each other without need.
const PLACES: usize = 64;

/// A place in line for each key.
pub(super) struct Turns([Mutex<()>; PLACES]);

impl Turns {
    /// Waits for the turns of these keys. They are taken in one order by everybody, so no two wait for each other.
    pub(super) async fn take(&self, keys: impl Iterator<Item = KeyId>) -> Vec<MutexGuard<'_, ()>> {
        let places: BTreeSet<usize> = keys.map(|KeyId([first, ..])| usize::from(first) % PLACES).collect();
        let mut turns = Vec::with_capacity(places.len());
        for place in places {
            if let Some(mutex) = self.0.get(place) {
                // Dropped while it waits, it gives back what it has.
                turns.push(mutex.lock().await);
            }
        }
        turns
    }
}

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}
