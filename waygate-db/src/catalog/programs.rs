//! Views, functions, triggers, rules, publications and default privileges.

use serde::{Deserialize, Serialize};

/// A view or materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Whether its rows are kept.
    pub materialized: bool,
    /// Its query.
    pub definition: String,
    /// Its options, each as `name=value`.
    pub options: Vec<String>,
    /// Its columns, in order.
    pub columns: Vec<ViewColumn>,
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// Its type, with its modifier.
    #[serde(rename = "type")]
    pub ty: String,
    /// The expression of the default that rows written through the view get.
    pub default: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A function, procedure or aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// `f` function, `p` procedure, `w` window function, `a` aggregate.
    pub kind: String,
    /// The statement that would make it. Of an aggregate the server prints none.
    pub definition: Option<String>,
    /// What it returns.
    pub returns: Option<String>,
    /// Its arguments with names and defaults.
    pub arguments: Option<String>,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The statement that would make it.
    pub definition: String,
    /// When it fires: `O` in the origin, `R` in a replica, `A` always, `D` never.
    pub enabled: String,
}

/// A rewrite rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The statement that would make it.
    pub definition: String,
    /// When it applies; the letters are a trigger's.
    pub enabled: String,
}

/// The rights that new objects of one role start with; its grants are those of others than the role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// What the role itself keeps.
    pub owner_keeps: Vec<String>,
}

/// A publication of logical replication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Whether every table is in it.
    pub all_tables: bool,
    /// The commands that it tells of: `insert`.
    pub operations: Vec<String>,
    /// Whether a partition's changes are told as its root's.
    pub through_root: bool,
    /// The schemas whose tables are in it.
    pub schemas: Vec<String>,
    /// The tables that it names.
    pub tables: Vec<PublishedTable>,
}

/// A table of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// Schema and table.
    pub table: Vec<String>,
    /// The columns that are told, if not all.
    pub columns: Option<Vec<String>>,
    /// The condition of rows that are told.
    #[serde(rename = "where")]
    pub condition: Option<String>,
}
