//! The parts of a table.

use serde::{Deserialize, Serialize};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the server's own")]
pub struct Column {
    /// Its type, with its modifier: `numeric(12,2)`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// The expression of its default.
    pub default: Option<String>,
    /// The expression that it is computed from.
    pub generated: Option<String>,
    /// Whether that is computed when it is read, not when it is written.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// `a` for GENERATED ALWAYS AS IDENTITY, `d` for BY DEFAULT.
    pub identity: Option<String>,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Where long values go, if not where the type says: `p` plain, `e` external, `m` main, `x` extended.
    pub storage: Option<String>,
    /// How long values are compressed, if not as the server is set: `p` pglz, `l` lz4.
    pub compression: Option<String>,
    /// How detailed its statistics are, if not as the server is set.
    pub statistics: Option<i32>,
    /// What the planner is told of it, each as `name=value`.
    pub options: Vec<String>,
    /// Whether the table itself declares it.
    pub local: bool,
    /// Whether it comes from a parent.
    pub inherited: bool,
}

impl Column {
    /// The default, where it is one for rows that are there when the column comes: what a session's setting says is none,
    /// since no migration's session has it.
    #[must_use]
    pub fn default_of_rows(&self) -> Option<&str> {
        self.default.as_deref().filter(|default| !default.contains("current_setting("))
    }
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the server's own")]
pub struct Constraint {
    /// `p` primary key, `u` unique, `c` check, `f` foreign key, `x` exclusion.
    pub kind: String,
    /// Its text behind `CONSTRAINT name`.
    pub definition: String,
    /// Whether all rows were checked.
    pub valid: bool,
    /// Whether the table itself declares it.
    pub local: bool,
    /// The columns that it is over, in order; of a check those that it names.
    pub columns: Vec<String>,
    /// What a foreign key refers to.
    pub references: Option<Reference>,
    /// The statement that would make its index.
    pub index: Option<String>,
    /// Whether CLUSTER orders the table by its index.
    pub clustered: bool,
    /// Whether its index tells rows apart in replication.
    pub replica_identity: bool,
    /// The constraint of the partitioned table that this one is a part of: schema, table and name.
    pub parent: Option<Vec<String>>,
}

/// What a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Schema and table.
    pub table: Vec<String>,
    /// The columns, in order.
    pub columns: Vec<String>,
    /// When the row referred to goes: `a` no action, `r` restrict, `c` cascade, `n` set null, `d` set default.
    pub on_delete: String,
    /// When its key changes; the same letters.
    pub on_update: String,
}

/// An index that no constraint made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the server's own")]
pub struct Index {
    /// The statement that would make it.
    pub definition: String,
    /// Whether queries may use it: a concurrent build that failed leaves one that they may not.
    pub valid: bool,
    /// Whether CLUSTER orders the table by it.
    pub clustered: bool,
    /// Whether it tells rows apart in replication.
    pub replica_identity: bool,
    /// Whether two rows may not hold the same values.
    pub unique: bool,
    /// Whether two NULLs are the same value.
    pub nulls_not_distinct: bool,
    /// The access method: `btree`.
    pub method: String,
    /// What it is over, in order.
    pub keys: Vec<IndexKey>,
    /// The columns that it holds beside its keys.
    pub include: Vec<String>,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// Its storage parameters, each as `name=value`.
    pub options: Vec<String>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// The index of the partitioned table that this one is a part of: schema and name.
    pub parent: Option<Vec<String>>,
}

/// A key of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexKey {
    /// The column, unless it is an expression.
    pub column: Option<String>,
    /// The column or expression as SQL.
    pub expression: String,
    /// Whether it is stored from high to low.
    pub descending: bool,
    /// Whether NULL stands before all values.
    pub nulls_first: bool,
    /// The operator class, where it is not the type's own.
    pub operator_class: Option<String>,
}

/// A policy of row security.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Whether it lets rows through; a restrictive one holds them back.
    pub permissive: bool,
    /// `r` SELECT, `a` INSERT, `w` UPDATE, `d` DELETE, `*` all of them.
    pub command: String,
    /// The roles that it is for; `public` is everyone.
    pub roles: Vec<String>,
    /// The condition of rows that are seen.
    pub using: Option<String>,
    /// The condition of rows that are written.
    pub check: Option<String>,
}

/// Extended statistics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The statement that would make them.
    pub definition: String,
    /// How detailed they are, if not as the server is set.
    pub target: Option<i32>,
}
