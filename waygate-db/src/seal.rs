//! The keys that a sealed database verifies its tenants' seals with.
//!
//! A database of the dialect [`Sealed`](crate::Dialect::Sealed) holds one row for each key that the application may seal
//! with. To change the key: [`register`] the new one, restart the application with it, [`retire`] the old one.
//!
//! ```no_run
//! # use waygate_db::{Maintenance, Result, SealKey, seal};
//! # async fn example(session: Maintenance, fresh: SealKey, old: &str) -> Result<()> {
//! assert!(seal::register(&session, &fresh).await?);
//! let known = seal::list(&session).await?;
//! assert!(known.iter().any(|key| key.id == fresh.id()));
//! // … once the application runs with the fresh key:
//! assert!(seal::retire(&session, old).await?);
//! # Ok(())
//! # }
//! ```

use chrono::{DateTime, Utc};
use postgres_types::Type;
use serde::Serialize;

use crate::crypto::SealKey;
use crate::error::{Error, Kind, Result};
use crate::session::{Maintenance, Refusal};

/// A key that the database knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registered {
    /// The key's id, which each seal names.
    pub id: String,
    /// When the database learnt of it.
    pub created_at: DateTime<Utc>,
}

/// Tells the database of a key; again, it changes nothing. Whether the key was new.
///
/// # Errors
///
/// [`is_config`](Error::is_config) when the database is not one of the dialect `Sealed`.
pub async fn register(session: &Maintenance, key: &SealKey) -> Result<bool> {
    const INSERT: &str = "INSERT INTO waygate.seal_keys (id, inner_pad, outer_pad) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING RETURNING id";
    let [inner, outer] = key.pads();
    let params: [(&(dyn postgres_types::ToSql + Sync), Type); 3] =
        [(&key.id(), Type::TEXT), (&*inner, Type::BYTEA), (&*outer, Type::BYTEA)];
    Ok(!session.rows(INSERT, &params).await.map_err(unsealed)?.is_empty())
}

/// The keys that the database knows, the oldest first.
///
/// # Errors
///
/// As [`register`].
pub async fn list(session: &Maintenance) -> Result<Vec<Registered>> {
    const SELECT: &str = "SELECT id, created_at FROM waygate.seal_keys ORDER BY created_at, id";
    let rows = session.rows(SELECT, &[]).await.map_err(unsealed)?;
    rows.iter().map(|row| Ok(Registered { id: row.read(0)?, created_at: row.read(1)? })).collect()
}

/// Lets the database forget a key: what is sealed with it is refused from then on. Whether the database knew it.
///
/// # Errors
///
/// As [`register`].
pub async fn retire(session: &Maintenance, id: &str) -> Result<bool> {
    const DELETE: &str = "DELETE FROM waygate.seal_keys WHERE id = $1 RETURNING id";
    Ok(!session.rows(DELETE, &[(&id, Type::TEXT)]).await.map_err(unsealed)?.is_empty())
}

fn unsealed(refusal: Refusal) -> Error {
    match refusal.code() {
        "42P01" => Error::new(Kind::Config, "this database's policies ask for no seal")
            .help("deploy migrations of the dialect: `waygate schema sql --dialect sealed` prints a first one"),
        _ => refusal.error,
    }
}
