//! Keys that nothing is sealed under any more, removed.

use chrono::{TimeDelta, Utc};
use serde::Serialize;

use super::notify;
use crate::crypto::{KeyId, KeyPurpose};
use crate::error::{Error, Kind, Result};
use crate::keys::columns::{SealedTable, counts, places, sealed_tables};
use crate::keys::stored::{self, Stored};
use crate::schema::{Schema, Table};
use crate::session::{Executor, ServiceScope};
use crate::sql::{Statement, cells};
use crate::value::Param;

/// How long after a rotation a process may still seal under the key before: as long as it holds keys, and a little more.
pub(super) const GRACE: TimeDelta = TimeDelta::minutes(20);

/// Writers are held off while cells are counted, and not for long.
const LIMIT: &str = "SELECT set_config('lock_timeout', '5s', true)";

const REMOVE: &str = "DELETE FROM waygate.data_keys WHERE key_id = $1 AND state = 'decrypt_only'";

/// Which keys are retired.
#[derive(Debug, Clone, Copy)]
pub struct Retire {
    /// This one, or all that open only and are not in use.
    pub key: Option<KeyId>,
    /// No process that started before the rotation runs any more, so that its end need not be waited for.
    pub writers_restarted: bool,
}

/// What [`retire`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Retired {
    /// The keys that were removed.
    pub removed: Vec<String>,
    /// The keys that stay, and why.
    pub kept: Vec<String>,
}

/// Removes keys that open only, unless a cell is sealed under them.
///
/// The cells are counted while no other writes to their tables, in the transaction that removes the key. Processes that
/// have sealed a value under the key and not sent it yet cannot be seen: so a key goes at the earliest 20 minutes after
/// its rotation, when none holds it as the active one any more.
///
/// # Errors
///
/// [`is_key`](Error::is_key) when the one key that is asked for is not there, is active or in use, or was rotated just
/// now; the text counts its cells in each column.
pub async fn retire(service: &ServiceScope, schema: &Schema, what: Retire) -> Result<Retired> {
    let tables = sealed_tables(schema, None)?;
    let mut report = Retired::default();
    let keys = match what.key {
        Some(id) => stored::of_ids(service, &[id]).await?,
        None => stored::all(service).await?.into_iter().filter(|key| key.state == "decrypt_only").collect(),
    };
    if let (Some(id), true) = (what.key, keys.is_empty()) {
        return Err(Error::new(Kind::UnknownKey, format!("there is no data key {id}"))
            .help("`keys list` shows the keys by their ids"));
    }
    for key in keys {
        match retire_one(service, &tables, &key, what.writers_restarted).await {
            Ok(()) => report.removed.push(key.id.to_string()),
            Err(error) if what.key.is_none() && error.is_key() => report.kept.push(error.message().to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(report)
}

async fn retire_one(
    service: &ServiceScope,
    tables: &[SealedTable],
    key: &Stored,
    writers_restarted: bool,
) -> Result<()> {
    refuse(key, writers_restarted)?;
    service
        .transaction(async |tx| {
            tx.run(Statement::write(LIMIT, Vec::new())).await?;
            let held: Vec<&'static Table> = tables.iter().map(|sealed| sealed.table).collect();
            if !held.is_empty() {
                tx.run(cells::hold_writers(&held)).await?;
            }
            let counts = counts(tx, tables).await?;
            let places = places(&counts, &key.id);
            if !places.is_empty() {
                return Err(Error::new(Kind::Key, format!("data key {} is in use ({places})", key.id))
                    .help("`keys reencrypt` seals its cells anew, under the active key"));
            }
            let remove = Statement::write(REMOVE, vec![Param::of(&key.id.0.to_vec())?]);
            if tx.run(remove).await?.affected() == 0 {
                return Err(Error::new(Kind::Key, format!("data key {} has changed just now", key.id))
                    .help("`keys list` shows what became of it"));
            }
            notify(tx, &key.id).await
        })
        .await
}

/// What speaks against it before any cell is counted.
fn refuse(key: &Stored, writers_restarted: bool) -> Result<()> {
    let refused =
        |why: &str, help: &str| Err(Error::new(Kind::Key, format!("data key {} {why}", key.id)).help(help.to_owned()));
    match key.state.as_str() {
        "decrypt_only" => {}
        "active" => return refused("is active: values are sealed under it", "`keys rotate` puts another in its place"),
        "destroyed" => return refused("was destroyed; its row says so and stays", "nothing is to be done"),
        _ => return refused("is neither active nor replaced", "`keys doctor` tells more"),
    }
    if key.purpose() == KeyPurpose::Index {
        return refused("is of purpose index: whether an index was made with it cannot be counted", "it stays");
    }
    let since = key.retired_at.unwrap_or(key.activated_at);
    if !writers_restarted && Utc::now() - since < GRACE {
        let help = "wait until 20 minutes after the rotation; or give --writers-restarted if no process that started \
                    before it runs any more";
        return refused("was the active one a moment ago: a process may be sealing under it", help);
    }
    Ok(())
}
