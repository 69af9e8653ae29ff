//! Tables.

use serde::{Deserialize, Serialize};

/// A table; its columns, keys and policies are objects of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// `r` for a plain table, `p` for a partitioned one, `f` for a foreign one.
    pub kind: String,
    /// `p` for a logged table, `u` for an unlogged one, `t` for a temporary one.
    pub persistence: String,
    /// Whether row security is on.
    pub row_security: bool,
    /// Whether it binds the owner too.
    pub forced: bool,
    /// What tells a row apart in replication: `d` the primary key, `n` nothing, `f` the whole row, `i` an index.
    pub replica_identity: String,
    /// Its storage parameters, each as `name=value`.
    pub options: Vec<String>,
    /// How its rows are kept: `heap`.
    pub access_method: Option<String>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// What a partitioned table is split by: `RANGE (at)`.
    pub partition_key: Option<String>,
    /// What a partition holds: `FOR VALUES …` or `DEFAULT`.
    pub bound: Option<String>,
    /// The tables that it inherits from or is a partition of, each as schema and name.
    pub parents: Vec<Vec<String>>,
}
