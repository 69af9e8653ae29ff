//! The sealed columns of the models, and how many of their cells each data key has sealed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::crypto::{KeyId, hex};
use crate::error::{Error, Kind, Result};
use crate::schema::{Schema, Table};
use crate::session::Executor;
use crate::sql::cells;

/// A table with the places of its sealed columns.
#[derive(Debug, Clone)]
pub(super) struct SealedTable {
    pub(super) table: &'static Table,
    pub(super) columns: Vec<usize>,
}

impl SealedTable {
    /// A column as `table.column`.
    pub(super) fn column_name(&self, column: usize) -> String {
        format!("{}.{}", self.table.name, self.table.column_at(column).name)
    }
}

/// A row with a value that is searched.
pub(super) struct Row {
    pub(super) key: uuid::Uuid,
    pub(super) tenant: Option<uuid::Uuid>,
    pub(super) cell: Vec<u8>,
    pub(super) digest: Option<Vec<u8>>,
}

/// All tables with sealed columns, or the one of this name.
pub(super) fn sealed_tables(schema: &Schema, only: Option<&str>) -> Result<Vec<SealedTable>> {
    let sealed = |table: &'static Table| {
        let is_sealed = |column: &usize| table.column_at(*column).encryption.is_some();
        SealedTable { table, columns: (0..table.columns.len()).filter(is_sealed).collect() }
    };
    let mut tables: Vec<SealedTable> =
        schema.tables().map(sealed).filter(|sealed| !sealed.columns.is_empty()).collect();
    if let Some(name) = only {
        let known: Vec<&str> = tables.iter().map(|sealed| sealed.table.name).collect();
        let advice = if known.is_empty() { "no model has any".to_owned() } else { known.join(", ") };
        tables.retain(|sealed| sealed.table.name == name);
        if tables.is_empty() {
            let what = format!("no model has a table \"{name}\" with sealed columns");
            return Err(Error::new(Kind::Config, what).help(format!("the tables with sealed columns: {advice}")));
        }
    }
    Ok(tables)
}

/// How many cells of one column a data key has sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellCount {
    /// The column, as `table.column`.
    pub column: String,
    /// The key's id in hex, as the cells name it.
    pub key: String,
    /// How many cells.
    pub cells: i64,
}

/// How many cells of each column of these tables each key has sealed.
pub(super) async fn counts<S: Executor>(session: &S, tables: &[SealedTable]) -> Result<Vec<CellCount>> {
    let mut counts = Vec::new();
    for sealed in tables {
        for column in &sealed.columns {
            let reply = session.run(cells::key_counts(sealed.table, *column)).await?;
            for row in reply.rows() {
                let key = hex(&row.value::<Vec<u8>>(0)?);
                counts.push(CellCount { column: sealed.column_name(*column), key, cells: row.value(1)? });
            }
        }
    }
    Ok(counts)
}

/// How many cells each key has sealed, over all columns.
pub(super) fn by_key(counts: &[CellCount]) -> BTreeMap<&str, i64> {
    let mut sums = BTreeMap::new();
    for count in counts {
        *sums.entry(count.key.as_str()).or_default() += count.cells;
    }
    sums
}

/// The counts of one key, in words: `table.column: 3, …`.
pub(super) fn places(counts: &[CellCount], key: &KeyId) -> String {
    let key = key.to_string();
    let of_key = counts.iter().filter(|count| count.key == key);
    of_key.map(|count| format!("{}: {}", count.column, count.cells)).collect::<Vec<_>>().join(", ")
}
