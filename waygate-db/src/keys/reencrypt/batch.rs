//! Rows as they were read, and their cells sealed anew.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::keyset::Keyset;
use crate::crypto::{CellContext, KeyId, Keyring, Plaintext, cell_key_id};
use crate::error::{Error, Result};
use crate::keys::columns::SealedTable;
use crate::schema::Scope;
use crate::session::Reply;
use crate::sql::cells::Swap;

/// A row's place and its sealed cells, in the order of the table's sealed columns.
pub(in crate::keys) struct SealedRow {
    pub(in crate::keys) key: Uuid,
    pub(in crate::keys) tenant: Option<Uuid>,
    pub(in crate::keys) cells: Vec<Option<Vec<u8>>>,
}

/// Rows in the order of their keys.
pub(in crate::keys) struct Batch {
    pub(in crate::keys) rows: Vec<SealedRow>,
    columns: Vec<usize>,
}

/// A cell that does not open.
pub(in crate::keys) struct BadCell {
    pub(in crate::keys) column: usize,
    pub(in crate::keys) row: Uuid,
    /// The bytes where the key's id stands.
    pub(in crate::keys) key: Option<Vec<u8>>,
    pub(in crate::keys) reason: String,
}

/// What a batch has come to.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) swap: Swap,
    pub(super) bad: Vec<BadCell>,
    /// The keys that the new cells are sealed under.
    pub(super) used: HashSet<KeyId>,
    /// Rows with nothing to write.
    pub(super) skipped: u64,
}

impl Outcome {
    /// How many rows have a cell that is sealed anew.
    pub(super) fn changed(&self) -> u64 {
        self.swap.keys.len() as u64
    }
}

/// What becomes of one cell.
enum Fate {
    Stays,
    Changes(Vec<u8>, KeyId),
    Bad(String),
}

impl SealedRow {
    /// The cell's place, as it was sealed for.
    pub(in crate::keys) fn context(&self, sealed: &SealedTable, column: usize) -> CellContext {
        let tenant = match sealed.table.scope {
            Scope::Key => Some(self.key),
            Scope::Column(_) => self.tenant,
            Scope::Shared | Scope::Through { .. } => None,
        };
        CellContext::new(sealed.table, column, self.key, tenant)
    }
}

/// The bytes of a cell where its key's id stands.
pub(in crate::keys) fn key_bytes(cell: &[u8]) -> Option<Vec<u8>> {
    cell.get(4..20).map(<[u8]>::to_vec)
}

impl Batch {
    pub(in crate::keys) fn read(sealed: &SealedTable, reply: &Reply) -> Result<Self> {
        let rows = reply.rows().map(|row| {
            let cells = (0..sealed.columns.len()).map(|n| row.value(n + 2)).collect::<Result<Vec<_>>>()?;
            Ok(SealedRow { key: row.value(0)?, tenant: row.value(1)?, cells })
        });
        Ok(Self { rows: rows.collect::<Result<_>>()?, columns: sealed.columns.clone() })
    }

    pub(in crate::keys) fn last_key(&self) -> Option<Uuid> {
        self.rows.last().map(|row| row.key)
    }

    /// The keys that the cells name, each with a column where it does.
    pub(in crate::keys) fn keys(&self) -> HashMap<KeyId, usize> {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().zip(&self.columns));
        cells.filter_map(|(cell, column)| Some((cell_key_id(cell.as_deref()?)?, *column))).collect()
    }

    /// Seals anew what is not under its scope's active key.
    pub(super) fn reseal(&self, sealed: &SealedTable, keys: &Keyset) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        outcome.swap.columns.resize_with(sealed.columns.len(), Default::default);
        for row in &self.rows {
            let mut fates = Vec::with_capacity(row.cells.len());
            for (cell, column) in row.cells.iter().zip(&sealed.columns) {
                fates.push(match cell {
                    Some(cell) => reseal_cell(cell, &row.context(sealed, *column), keys)?,
                    None => Fate::Stays,
                });
            }
            outcome.add(row, &sealed.columns, fates);
        }
        Ok(outcome)
    }
}

impl Outcome {
    fn add(&mut self, row: &SealedRow, columns: &[usize], fates: Vec<Fate>) {
        let changes = fates.iter().any(|fate| matches!(fate, Fate::Changes(..)));
        if changes {
            self.swap.keys.push(row.key);
            self.swap.tenants.extend(row.tenant);
        } else {
            self.skipped += 1;
        }
        for (((fate, cell), column), arrays) in
            fates.into_iter().zip(&row.cells).zip(columns).zip(&mut self.swap.columns)
        {
            let old = cell.clone().unwrap_or_default();
            let new = match fate {
                Fate::Changes(new, key) => {
                    self.used.insert(key);
                    new
                }
                Fate::Bad(reason) => {
                    self.bad.push(BadCell { column: *column, row: row.key, key: key_bytes(&old), reason });
                    old.clone()
                }
                Fate::Stays => old.clone(),
            };
            if changes {
                arrays.old.push(old);
                arrays.new.push(new);
            }
        }
    }
}

fn reseal_cell(cell: &[u8], context: &CellContext, keys: &Keyset) -> Result<Fate> {
    let bad = |error: &Error| Fate::Bad(error.message().to_owned());
    if let Some(id) = cell_key_id(cell) {
        if keys.is_destroyed(&id) {
            return Ok(Fate::Stays);
        }
        let key = keys.successor(&id, &context.column_name())?;
        if key.id() == id {
            return Ok(Fate::Stays);
        }
        let resealed = open(cell, context, &keys.ring).and_then(|plaintext| plaintext.seal(key, context));
        return match resealed {
            Ok(new) => Ok(Fate::Changes(new, key.id())),
            // Altered, moved, or longer than its column has come to allow: the other cells are none the worse.
            Err(error) if error.is_decrypt() || error.is_key_mismatch() || error.is_encode() => Ok(bad(&error)),
            Err(error) => Err(error),
        };
    }
    match open(cell, context, &keys.ring) {
        Ok(_) => Ok(Fate::Stays),
        Err(error) => Ok(bad(&error)),
    }
}

/// Opens a cell as its column declares it.
pub(in crate::keys) fn open(cell: &[u8], context: &CellContext, keys: &Keyring) -> Result<Plaintext> {
    Plaintext::open(cell, context.codec()?, context, keys).map(Plaintext::from)
}
