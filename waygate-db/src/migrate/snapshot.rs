//! The schema as the last deploy left it, kept in the database: what has changed since is told without a second database.

use chrono::{DateTime, Utc};
use postgres_types::Type;

use super::ledger;
use crate::catalog::{Catalog, Key};
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

const STORE: &str = "INSERT INTO waygate.schema_snapshot (id, after, server_version, taken_at, catalog)
    VALUES (true, $1, $2, now(), $3::jsonb)
    ON CONFLICT (id) DO UPDATE SET after = excluded.after, server_version = excluded.server_version,
        taken_at = excluded.taken_at, catalog = excluded.catalog";
const LOAD: &str = "SELECT after, taken_at, catalog::text FROM waygate.schema_snapshot";

/// The schema as it was at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The migration after which it was taken.
    pub after: String,
    /// When.
    pub taken_at: DateTime<Utc>,
    /// What there was.
    pub catalog: Catalog,
}

impl Snapshot {
    /// The snapshot that this database keeps; `None` where no deploy has taken one.
    ///
    /// # Errors
    ///
    /// [`is_connection_lost`](Error::is_connection_lost); [`is_decode`](Error::is_decode) when a newer version of the
    /// library wrote it.
    pub async fn load(conn: &Maintenance) -> Result<Option<Self>> {
        if !ledger::is_current(conn).await? {
            return Ok(None);
        }
        let rows = conn.rows(LOAD, &[]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let text: String = row.read(2)?;
        let catalog = serde_json::from_str(&text).map_err(|error| {
            Error::new(Kind::Decode, "the snapshot of the schema has a form that this version does not know")
                .help("deploy with the version that took it, or a newer one")
                .caused_by(error)
        })?;
        Ok(Some(Self { after: row.read(0)?, taken_at: row.read(1)?, catalog }))
    }
}

/// Takes the snapshot in the open transaction, after this migration.
pub(super) async fn take(conn: &Maintenance, after: &str) -> Result<()> {
    let catalog = without_ledger(Catalog::read_within(conn).await?);
    let server = i32::try_from(catalog.server).unwrap_or_default();
    let text = serde_json::to_string(&catalog)
        .map_err(|error| Error::new(Kind::Encode, "the catalog has no JSON form").caused_by(error))?;
    conn.rows(STORE, &[(&after, Type::TEXT), (&server, Type::INT4), (&text, Type::TEXT)]).await?;
    Ok(())
}

/// What is there beside the runner's own tables.
#[must_use]
pub fn without_ledger(catalog: Catalog) -> Catalog {
    catalog.retain(|key, _| !is_ledger(key))
}

fn is_ledger(key: &Key) -> bool {
    let table = key.table();
    let path = table.as_ref().map(|table| table.path.as_slice());
    matches!(path, Some([schema, name]) if schema == "waygate" && ledger::TABLES.contains(&name.as_str()))
}
