//! Blind indexes made anew, under the active index keys.
//!
//! The rows whose digest is of another key, or missing, are the list of what is to be done, so a run that was killed needs no
//! memory. A digest is written only beside the cell that it was made from. Where a unique index finds that two rows hold
//! one value, under two keys, the later row keeps its earlier digest and is named.

use serde::Serialize;
use uuid::Uuid;

use super::columns::Row;
use crate::crypto::{CellContext, KeyScope, Keyring, Plaintext, index_value};
use crate::error::{Error, Result};
use crate::schema::{Encryption, Schema, Scope, SearchScope, Table};
use crate::session::{Executor, ServiceScope};
use crate::sql::{self, Digests, Indexed, Statement};
use crate::value::TenantId;

/// The service's work leaves `updated_at` as it is.
const MAINTENANCE: &str = "SELECT set_config('waygate.maintenance', 'on', true)";

/// How many rows that stay behind are named.
const NAMED: usize = 100;

/// What became of one blind index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reindexed {
    /// The sealed column, as `table.column`.
    pub column: String,
    /// How many digests were written.
    pub written: u64,
    /// How many rows were written by somebody else meanwhile.
    pub raced: u64,
    /// How many cells did not open, and keep their digests; `keys verify` names them.
    pub unopened: u64,
    /// Rows whose value another row of a unique index holds already, a hundred at most.
    pub taken: Vec<Uuid>,
}

/// A searchable column and how it is sealed.
#[derive(Clone, Copy)]
pub(super) struct Searched {
    pub(super) indexed: Indexed,
    pub(super) encryption: &'static Encryption,
}

/// Makes every digest anew that is not of the active index key of its scope, in batches of so many rows.
///
/// # Errors
///
/// [`is_key`](Error::is_key) when a key is out of reach; what was written until then stays.
pub async fn reindex(
    service: &ServiceScope,
    schema: &Schema,
    table: Option<&str>,
    tenant: Option<TenantId>,
    batch: usize,
) -> Result<Vec<Reindexed>> {
    let mut done = Vec::new();
    for searched in searched(schema, table) {
        done.push(searched.reindex(service, tenant.map(|tenant| tenant.as_uuid()), batch.max(1)).await?);
    }
    Ok(done)
}

/// The searchable columns whose rows say whose key makes their digests.
pub(super) fn searched(schema: &Schema, table: Option<&str>) -> Vec<Searched> {
    let of = |table: &'static Table| {
        table.columns.iter().enumerate().filter_map(move |(sealed, column)| {
            let encryption = column.encryption.as_ref()?;
            let search = encryption.search?;
            let is_known = search.scope == SearchScope::App || !matches!(table.scope, Scope::Through { .. });
            let indexed = Indexed { table, sealed, search };
            (is_known && !table.append_only).then_some(Searched { indexed, encryption })
        })
    };
    schema.tables().filter(|one| table.is_none_or(|name| one.name == name)).flat_map(of).collect()
}

impl Searched {
    pub(super) fn name(self) -> String {
        let Indexed { table, sealed, .. } = self.indexed;
        format!("{}.{}", table.name, table.column_at(sealed).name)
    }

    /// Whose index key makes the digest of this row.
    pub(super) fn scope(self, tenant: Option<Uuid>) -> KeyScope {
        match self.indexed.search.scope {
            SearchScope::App => KeyScope::App,
            SearchScope::Tenant => tenant.map_or(KeyScope::App, KeyScope::Tenant),
        }
    }

    /// The next rows after this key.
    pub(super) async fn rows(
        self,
        service: &ServiceScope,
        wanted: Digests,
        tenant: Option<Uuid>,
        after: Uuid,
        limit: usize,
    ) -> Result<Vec<Row>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let reply = service.run(sql::digests(self.indexed, wanted, tenant, after, limit)?).await?;
        let rows = reply.rows().map(|row| {
            Ok(Row { key: row.value(0)?, tenant: row.value(1)?, cell: row.value(2)?, digest: row.value(3)? })
        });
        rows.collect()
    }

    /// The value that the row's cell holds.
    fn open(self, ring: &Keyring, row: &Row) -> Result<Plaintext> {
        let Indexed { table, sealed, .. } = self.indexed;
        let context = CellContext::new(table, sealed, row.key, row.tenant);
        let opened = Plaintext::open(&row.cell, self.encryption.codec, &context, ring)?;
        Ok(Plaintext::from(opened))
    }

    async fn reindex(self, service: &ServiceScope, tenant: Option<Uuid>, batch: usize) -> Result<Reindexed> {
        let Indexed { table, sealed, .. } = self.indexed;
        let mut report = Reindexed { column: self.name(), ..Reindexed::default() };
        let mut after = Uuid::nil();
        loop {
            let rows = self.rows(service, Digests::Stale, tenant, after, batch).await?;
            let Some(last) = rows.last() else { return Ok(report) };
            after = last.key;
            let cells: Vec<(usize, &[u8])> = rows.iter().map(|row| (sealed, row.cell.as_slice())).collect();
            let ring = service.vault().load(service, table, &cells).await?;
            let mut made = Vec::with_capacity(rows.len());
            for row in rows {
                let Ok(value) = self.open(&ring, &row) else {
                    report.unopened += 1;
                    continue;
                };
                let keys = service.vault().index_keys_to_write(service, self.scope(row.tenant)).await?;
                if let Some(key) = keys.active() {
                    made.push((row.key, row.cell, index_value(key, self.encryption, value.value())?));
                }
            }
            self.write(service, &made, &mut report).await?;
        }
    }

    /// Writes a batch, or row by row where one of them cannot be written.
    async fn write(
        self,
        service: &ServiceScope,
        made: &[(Uuid, Vec<u8>, Vec<u8>)],
        report: &mut Reindexed,
    ) -> Result<()> {
        match self.write_together(service, made).await {
            Err(error) if error.is_unique_violation() => {}
            written => {
                let written = written?;
                report.written += written;
                report.raced += made.len() as u64 - written;
                return Ok(());
            }
        }
        for row in made {
            match self.write_together(service, std::slice::from_ref(row)).await {
                Err(error) if error.is_unique_violation() => {
                    if report.taken.len() < NAMED {
                        report.taken.push(row.0);
                    }
                }
                written => report.written += written?,
            }
        }
        Ok(())
    }

    async fn write_together(self, service: &ServiceScope, made: &[(Uuid, Vec<u8>, Vec<u8>)]) -> Result<u64> {
        if made.is_empty() {
            return Ok(0);
        }
        let statement = sql::write_digests(self.indexed, made)?;
        let written = service.transaction(async |tx| {
            tx.run(Statement::write(MAINTENANCE, Vec::new())).await?;
            tx.run(statement).await.map(|reply| reply.affected())
        });
        written.await.map_err(|error: Error| error)
    }
}
