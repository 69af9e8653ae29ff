//! Values moved out of plain columns into sealed ones: `encrypted(migrate_from = "…")`.
//!
//! The rows that still hold a plain value are the list of what is to be done, so a run that was killed needs no memory: the
//! next one goes on. A row that somebody else writes meanwhile is left to the next pass; several runs at once share the
//! work, since a row is moved only as the version that was read.

use serde::Serialize;
use uuid::Uuid;

use crate::crypto::{CellContext, Plaintext};
use crate::error::{Error, Kind, Result};
use crate::schema::{Encryption, Schema, Scope, Table};
use crate::session::{Executor, ServiceScope};
use crate::sql::{self, Statement};

/// The service's work leaves `updated_at` as it is.
const MAINTENANCE: &str = "SELECT set_config('waygate.maintenance', 'on', true)";

/// What became of one plain column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The sealed column, as `table.column`.
    pub column: String,
    /// The plain column that it takes over.
    pub from: &'static str,
    /// How many values this run has sealed.
    pub moved: u64,
    /// How many values are in the plain column still, written while the run was under way or out of what the codec holds.
    pub left: u64,
    /// How many of those stand beside a sealed value: they were written around the library, and are never read.
    pub stray: u64,
}

/// A sealed column and the plain one that its values are moved out of.
#[derive(Clone, Copy)]
struct Move {
    table: &'static Table,
    sealed: usize,
    plain: usize,
    encryption: &'static Encryption,
}

/// Seals the values of every plain column that a model moves, in batches of so many rows; `watch` hears how many were moved
/// in all.
///
/// # Errors
///
/// [`is_key`](Error::is_key) when a tenant's data key is out of reach, [`is_config`](Error::is_config) for a table whose
/// rows do not say whose they are; what was moved until then stays moved.
pub async fn move_plaintext(
    service: &ServiceScope,
    schema: &Schema,
    batch: usize,
    watch: &(dyn Fn(u64) + Send + Sync),
) -> Result<Vec<Moved>> {
    let mut moved = Vec::new();
    for column in moves(schema) {
        moved.push(column.run(service, batch.max(1), watch).await?);
    }
    Ok(moved)
}

fn moves(schema: &Schema) -> impl Iterator<Item = Move> {
    schema.tables().flat_map(|table| {
        table.columns.iter().enumerate().filter_map(move |(sealed, column)| {
            let encryption = column.encryption.as_ref()?;
            Some(Move { table, sealed, plain: encryption.moved_from?, encryption })
        })
    })
}

impl Move {
    fn name(self) -> String {
        format!("{}.{}", self.table.name, self.table.column_at(self.sealed).name)
    }

    async fn run(self, service: &ServiceScope, batch: usize, watch: &(dyn Fn(u64) + Send + Sync)) -> Result<Moved> {
        if matches!(self.table.scope, Scope::Through { .. }) {
            let what = format!("{}: the row does not say whose key seals it", self.name());
            return Err(Error::new(Kind::Config, what)
                .help("read and write each row through its tenant's handle: a write moves its value"));
        }
        let (mut after, mut moved) = (Uuid::nil(), 0);
        while let Some(last) = self.batch(service, after, batch, &mut moved).await? {
            after = last;
            watch(moved);
        }
        let reply = service.run(sql::plain_count(self.table, self.sealed, self.plain)).await?;
        let counts = reply.one()?;
        let count = |index| counts.value::<i64>(index).map(i64::unsigned_abs);
        let from = self.table.column_at(self.plain).name;
        Ok(Moved { column: self.name(), from, moved, left: count(0)?, stray: count(1)? })
    }

    /// Moves the values of the next rows, and answers with the last one's key; `None` when there is none.
    async fn batch(self, service: &ServiceScope, after: Uuid, limit: usize, moved: &mut u64) -> Result<Option<Uuid>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let reply = service.run(sql::plain_rows(self.table, self.sealed, self.plain, after, limit)?).await?;
        let (mut keys, mut versions, mut cells, mut last) = (Vec::new(), Vec::new(), Vec::new(), None);
        for row in reply.rows() {
            let key: Uuid = row.value(0)?;
            last = Some(key);
            // A value out of the codec's range stays where it is, and is counted.
            let value = row.bytes(3).and_then(|bytes| Plaintext::of_column(self.encryption.codec, bytes));
            let Some(value) = value else { continue };
            let tenant: Option<Uuid> = row.value(1)?;
            let data_key = service.vault().active(service, tenant).await?;
            cells.push(value.seal(&data_key, &CellContext::new(self.table, self.sealed, key, tenant))?);
            versions.push(row.value::<String>(2)?);
            keys.push(key);
        }
        if !keys.is_empty() {
            let statement = sql::seal_plain(self.table, self.sealed, self.plain, &keys, &versions, &cells)?;
            let written = service.transaction(async |tx| {
                tx.run(Statement::read(MAINTENANCE, Vec::new())).await?;
                tx.run(statement).await
            });
            *moved += written.await?.affected();
        }
        Ok(last)
    }
}
