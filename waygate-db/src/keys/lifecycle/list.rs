//! All data keys, with what they have sealed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::purpose_name;
use crate::error::Result;
use crate::keys::columns::{by_key, counts, sealed_tables};
use crate::keys::stored;
use crate::schema::Schema;
use crate::session::ServiceScope;

/// The age at which an active key is worth a word.
pub const OLD: TimeDelta = TimeDelta::days(365);

/// One data key, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyEntry {
    /// Its id in hex, as cells name it.
    pub key: String,
    /// Whose values it seals: `app`, or a tenant's id.
    pub scope: String,
    /// What it is for: `encrypt` or `index`.
    pub purpose: &'static str,
    /// Its number in its scope.
    pub version: i32,
    /// `active`, `decrypt_only`, `destroyed` or `pending`.
    pub state: String,
    /// The provider that wrapped it.
    pub provider: String,
    /// The name of the key that it is wrapped under.
    pub kek: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whether it is active and older than a year.
    pub old: bool,
    /// How many cells it has sealed.
    pub cells: i64,
}

/// All data keys, each with the number of its cells.
///
/// # Errors
///
/// Those of the server.
pub async fn list(service: &ServiceScope, schema: &Schema) -> Result<Vec<KeyEntry>> {
    let tables = sealed_tables(schema, None)?;
    let counts = counts(service, &tables).await?;
    let sums = by_key(&counts);
    let entry = |stored: stored::Stored| {
        let key = stored.id.to_string();
        KeyEntry {
            cells: sums.get(key.as_str()).copied().unwrap_or_default(),
            scope: stored.scope().to_string(),
            purpose: purpose_name(stored.purpose()),
            version: stored.context.version,
            old: stored.is_active() && Utc::now() - stored.activated_at > OLD,
            state: stored.state,
            provider: stored.provider,
            kek: stored.kek,
            created_at: stored.created_at,
            key,
        }
    };
    Ok(stored::all(service).await?.into_iter().map(entry).collect())
}
