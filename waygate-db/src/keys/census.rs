//! All keys at once, opened as far as they open: what verification and diagnosis stand on.

use std::collections::HashMap;
use std::time::Duration;

use super::stored::{self, Stored, WRAP_AT_ONCE};
use crate::crypto::{KeyId, Keyring};
use crate::error::{Error, Result};
use crate::session::{Executor, ServiceScope};

/// All keys of the database.
pub(super) struct Census {
    pub(super) keys: Vec<Stored>,
    /// Those that opened.
    pub(super) ring: Keyring,
    /// Those that did not, and were not destroyed.
    pub(super) unopened: HashMap<KeyId, Error>,
}

/// Loads and opens all keys.
pub(super) async fn census(service: &ServiceScope) -> Result<Census> {
    let provider = service.vault().provider()?;
    let keys = stored::all(service).await?;
    let (ring, mut unopened) = (Keyring::new(Duration::MAX), HashMap::new());
    let wrapped: Vec<&Stored> = keys.iter().filter(|key| !key.is_destroyed()).collect();
    for batch in wrapped.chunks(WRAP_AT_ONCE) {
        for (stored, key) in batch.iter().zip(stored::open(provider, batch).await) {
            match key {
                Ok(key) if key.id() == stored.id => ring.insert(key.into()),
                Ok(_) => {
                    unopened.insert(stored.id, super::damaged("key_id"));
                }
                Err(error) => {
                    unopened.insert(stored.id, error);
                }
            }
        }
    }
    Ok(Census { keys, ring, unopened })
}

impl Census {
    /// The row of this key.
    pub(super) fn row(&self, id: &KeyId) -> Option<&Stored> {
        self.keys.iter().find(|key| key.id == *id)
    }
}
