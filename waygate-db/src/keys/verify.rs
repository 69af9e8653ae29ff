//! Cells opened one after another, to see whether they do.

use std::collections::HashSet;

use serde::Serialize;
use uuid::Uuid;

use super::census::{Census, census};
use super::columns::{SealedTable, sealed_tables};
use super::reencrypt::batch::{Batch, SealedRow, key_bytes, open};
use super::reindex::{Searched, searched};
use crate::crypto::{CellContext, KeyId, cell_key_id, hex, index_value};
use crate::error::Result;
use crate::schema::Schema;
use crate::session::{Executor, ServiceScope};
use crate::sql::cells::{Range, Wanted, cells};
use crate::sql::{Digests, Indexed};

/// How many rows are read at once.
const BATCH: i64 = 500;
const ROWS: usize = 500;

/// How many cells that do not open are named; the rest is counted.
const NAMED: usize = 1000;

/// Which cells are opened.
#[derive(Debug, Clone, Default)]
pub struct Verify {
    /// Only those of this table.
    pub table: Option<String>,
    /// Only such a share of the rows, between 0 and 1, drawn at random.
    pub share: Option<f64>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// How many cells opened.
    pub opened: u64,
    /// How many are of keys that were destroyed on purpose.
    pub destroyed: u64,
    /// How many digests of blind indexes are those of their values.
    pub indexed: u64,
    /// How many cells did not open, and how many digests are of other values.
    pub failed: u64,
    /// Those, a thousand of them at most.
    pub cells: Vec<FailedCell>,
}

/// A cell that does not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedCell {
    /// Its column, as `table.column`.
    pub column: String,
    /// Its row's key.
    pub row: Uuid,
    /// The id of the data key that it names, in hex.
    pub key: Option<String>,
    /// Why not.
    pub reason: String,
}

/// Opens every cell, or a share of them, and closes it again.
///
/// # Errors
///
/// [`is_key`](crate::Error::is_key) when there is no provider; a cell that does not open is reported, not an error.
pub async fn verify(service: &ServiceScope, schema: &Schema, what: &Verify) -> Result<Verified> {
    let census = census(service).await?;
    examine(service, schema, what, &census).await
}

pub(super) async fn examine(
    service: &ServiceScope,
    schema: &Schema,
    what: &Verify,
    census: &Census,
) -> Result<Verified> {
    let destroyed = census.keys.iter().filter(|key| key.is_destroyed()).map(|key| key.id).collect();
    let mut examination = Examination { census, destroyed, report: Verified::default() };
    for sealed in sealed_tables(schema, what.table.as_deref())? {
        let mut range = Range::default();
        loop {
            let wanted = Wanted::Sealed(what.share);
            let reply = service.run(cells(sealed.table, &sealed.columns, wanted, range, BATCH)?).await?;
            let batch = Batch::read(&sealed, &reply)?;
            batch.rows.iter().for_each(|row| examination.open_row(&sealed, row));
            range.after = batch.last_key();
            if range.after.is_none() {
                break;
            }
        }
    }
    for searched in searched(schema, what.table.as_deref()) {
        examination.look_up(service, searched, what.share).await?;
    }
    Ok(examination.report)
}

struct Examination<'a> {
    census: &'a Census,
    destroyed: HashSet<KeyId>,
    report: Verified,
}

impl Examination<'_> {
    fn open_row(&mut self, sealed: &SealedTable, row: &SealedRow) {
        for (cell, column) in row.cells.iter().zip(&sealed.columns) {
            let Some(cell) = cell else { continue };
            let id = cell_key_id(cell);
            if id.is_some_and(|id| self.destroyed.contains(&id)) {
                self.report.destroyed += 1;
                continue;
            }
            match open(cell, &row.context(sealed, *column), &self.census.ring) {
                Ok(_) => self.report.opened += 1,
                Err(error) => {
                    let reason = self.reason(id).unwrap_or_else(|| error.message().to_owned());
                    let key = key_bytes(cell).map(|bytes| hex(&bytes));
                    self.fail(FailedCell { column: sealed.column_name(*column), row: row.key, key, reason });
                }
            }
        }
    }

    /// Compares the digests of a blind index with the values that they stand for.
    async fn look_up(&mut self, service: &ServiceScope, searched: Searched, share: Option<f64>) -> Result<()> {
        let Indexed { table, sealed, search } = searched.indexed;
        let mut after = Uuid::nil();
        loop {
            let rows = searched.rows(service, Digests::All, None, after, ROWS).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.key;
            // Every so many rows of a sample; keys of rows are random enough at their end.
            let is_drawn = |key: Uuid| {
                share.is_none_or(|share| f64::from(key.as_bytes().last().copied().unwrap_or_default()) < share * 256.0)
            };
            for row in rows.iter().filter(|row| is_drawn(row.key)) {
                let id = cell_key_id(&row.cell);
                let context = CellContext::new(table, sealed, row.key, row.tenant);
                // What does not open was told already.
                let Ok(value) = open(&row.cell, &context, &self.census.ring) else { continue };
                let live = service.vault().index_keys(service, searched.scope(row.tenant)).await?;
                let digests = live.live().iter().map(|key| index_value(key, searched.encryption, value.value()));
                let digests = digests.collect::<Result<Vec<_>>>()?;
                if row.digest.as_ref().is_some_and(|digest| digests.contains(digest)) {
                    self.report.indexed += 1;
                    continue;
                }
                let column = format!("{}.{}", table.name, table.column_at(search.column).name);
                let reason = match row.digest {
                    Some(_) => "the blind index is of another value, or of a key that is gone",
                    None => "the value has no blind index: `keys reencrypt` makes it",
                };
                let key = id.map(|id| id.to_string());
                self.fail(FailedCell { column, row: row.key, key, reason: reason.to_owned() });
            }
        }
    }

    /// What is wrong with the cell's key, if that is it.
    fn reason(&self, id: Option<KeyId>) -> Option<String> {
        let id = id?;
        if self.census.row(&id).is_none() {
            return Some(format!("its data key {id} is not in waygate.data_keys"));
        }
        self.census.unopened.get(&id).map(|error| format!("its data key does not open: {}", error.message()))
    }

    fn fail(&mut self, cell: FailedCell) {
        self.report.failed += 1;
        if self.report.cells.len() < NAMED {
            self.report.cells.push(cell);
        }
    }
}
