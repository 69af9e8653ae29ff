//! The tables of a database and what hangs on them, before and after a statement.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Kind, Result};
use crate::schema::roles::OWNER;
use crate::session::Maintenance;

const WORLD: &str = include_str!("world.sql");

/// The server's number of an object.
pub(super) type Oid = u32;

/// What stands in a database at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct World {
    pub(super) tables: BTreeMap<Oid, Table>,
    pub(super) indexes: BTreeMap<Oid, Index>,
    pub(super) constraints: BTreeMap<Oid, Constraint>,
    /// The functions that run with the owner's rights.
    pub(super) definers: BTreeMap<Oid, String>,
}

/// A table, partitioned or not, or a materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Table {
    /// Its name for people.
    pub(super) name: String,
    /// Its name for a statement.
    pub(super) sql: String,
    pub(super) kind: char,
    /// The number of the file that holds its rows.
    pub(super) file: Option<Oid>,
    pub(super) is_partition: bool,
    pub(super) is_secured: bool,
    pub(super) is_forced: bool,
    /// The policies, and the roles that each is for.
    pub(super) policies: BTreeMap<String, Vec<String>>,
    pub(super) columns: BTreeMap<i16, Column>,
}

/// A table's column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) sql: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    pub(super) is_required: bool,
    /// Whether a row that does not name it gets a value.
    pub(super) is_filled: bool,
}

/// A table's index.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) table: Oid,
    pub(super) file: Option<Oid>,
    /// The columns' numbers; zero for an expression.
    pub(super) columns: Vec<i16>,
    pub(super) is_partial: bool,
    pub(super) is_valid: bool,
    pub(super) definition: String,
}

/// A table's constraint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Constraint {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) kind: char,
    pub(super) table: Oid,
    /// The table that a foreign key refers to.
    pub(super) parent: Oid,
    pub(super) columns: Vec<i16>,
    pub(super) is_validated: bool,
    pub(super) definition: String,
}

impl World {
    /// Reads it, in the transaction that is open if one is.
    pub(super) async fn read(session: &Maintenance) -> Result<Self> {
        let rows = session.ask(WORLD).await?;
        let text = rows.into_iter().flatten().next().flatten().unwrap_or_default();
        serde_json::from_str(&text).map_err(|error| {
            Error::new(Kind::Decode, "the server described its tables in another form").caused_by(error)
        })
    }

    /// The index that serves a foreign key's own columns: one that begins with them, or with the last of them, which
    /// tells the parents apart.
    pub(super) fn serves(&self, key: &Constraint) -> bool {
        self.indexes.values().filter(|index| index.table == key.table && index.is_valid).any(|index| {
            let own: Vec<&i16> = index.columns.iter().take_while(|column| key.columns.contains(column)).collect();
            let begins = key.columns.last().is_some_and(|last| own.contains(&last));
            begins && (!index.is_partial || index.definition.ends_with("IS NOT NULL)"))
        })
    }
}

impl Table {
    /// Its name without the schema's, as the server's messages have it.
    pub(super) fn bare(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    /// Whether rows are stored under this name or under its partitions'.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.kind, 'r' | 'p')
    }

    /// Whether a policy lets the owner, and so every backfill, see the rows.
    pub(super) fn serves_owner(&self) -> bool {
        self.policies.values().flatten().any(|role| role == OWNER || role == "PUBLIC")
    }
}
