//! A tenant's keys destroyed, and with them all that they sealed.

use serde::Serialize;

use super::notify;
use crate::crypto::KeyId;
use crate::error::{Error, Kind, Result};
use crate::keys::columns::{CellCount, counts, sealed_tables};
use crate::keys::reindex::searched;
use crate::keys::stored;
use crate::schema::{Schema, SearchScope};
use crate::session::{Executor, ServiceScope};
use crate::sql::{self, Statement};
use crate::value::{Param, TenantId};

const DESTROY: &str = "UPDATE waygate.data_keys
    SET state = 'destroyed', wrapped = NULL, kek_check = NULL, destroyed_at = now()
    WHERE scope = $1 AND state <> 'destroyed' RETURNING key_id";

/// What [`shred`] did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shredded {
    /// The tenant.
    pub tenant: String,
    /// The keys that were destroyed.
    pub keys: Vec<String>,
    /// The cells that cannot be opened any more, those of keys that were destroyed before among them.
    pub cells: Vec<CellCount>,
}

/// Destroys all keys of a tenant, of every purpose: nothing that they sealed opens again.
///
/// All processes are told, and forget the keys; one that does not hear of it holds them for 15 minutes at most. Backups
/// and the server's write-ahead log hold the wrapped keys until they expire, or until the key-encryption key goes.
///
/// # Errors
///
/// [`is_key_unknown`](Error::is_key_unknown) when the tenant has no key.
pub async fn shred(service: &ServiceScope, schema: &Schema, tenant: TenantId) -> Result<Shredded> {
    let scope = tenant.to_string();
    let destroyed = service
        .transaction(async |tx| {
            let destroy = Statement::write(DESTROY, vec![Param::of(&scope)?]);
            let reply = tx.run(destroy).await?;
            let ids = reply.rows().map(|row| row.value::<Vec<u8>>(0)).collect::<Result<Vec<_>>>()?;
            let ids: Vec<KeyId> = ids.into_iter().filter_map(|id| id.try_into().ok()).map(KeyId).collect();
            // A digest of the application's would still tell that another tenant holds the same value.
            for searched in
                searched(schema, None).into_iter().filter(|one| one.indexed.search.scope == SearchScope::App)
            {
                if searched.indexed.table.tenant_index().is_some() {
                    tx.run(sql::scatter_digests(searched.indexed, tenant.as_uuid())?).await?;
                }
            }
            for id in &ids {
                notify(tx, id).await?;
            }
            Ok::<_, Error>(ids)
        })
        .await?;
    let mut keys = stored::all(service).await?;
    keys.retain(|key| key.scope().to_string() == scope && key.is_destroyed());
    if keys.is_empty() {
        return Err(Error::new(Kind::UnknownKey, format!("tenant {tenant} has no data key; nothing was destroyed"))
            .help("`keys list` shows whose keys there are"));
    }
    let gone: Vec<String> = keys.iter().map(|key| key.id.to_string()).collect();
    let mut cells = counts(service, &sealed_tables(schema, None)?).await?;
    cells.retain(|count| gone.contains(&count.key));
    Ok(Shredded { tenant: scope, keys: destroyed.iter().map(KeyId::to_string).collect(), cells })
}
