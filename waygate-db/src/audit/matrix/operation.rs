//! What a session can do to a model.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

/// An operation on one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Reads rows of both tenants.
    Select,
    /// Reads one row by its key.
    PointSelect,
    /// Counts rows of both tenants.
    Count,
    /// Joins rows with their parents, of both tenants.
    Join,
    /// Inserts a row, which gets the session's tenant.
    Insert,
    /// Inserts a row for the other tenant.
    InsertForAnother,
    /// Changes a row.
    Update,
    /// Hands an own row to the other tenant.
    Move,
    /// Deletes a row.
    Delete,
    /// Inserts over a row's key.
    Upsert,
    /// Merges into a row.
    Merge,
    /// Refers to a parent of the other tenant, and to one that is not there.
    ForeignParent,
    /// Empties the table.
    Truncate,
    /// Copies the table out, and into.
    Copy,
    /// Reads rows of both tenants and locks them.
    ForUpdate,
    /// Locks the table, which the right to delete implies.
    Lock,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Select,
        Self::PointSelect,
        Self::Count,
        Self::Join,
        Self::Insert,
        Self::InsertForAnother,
        Self::Update,
        Self::Move,
        Self::Delete,
        Self::Upsert,
        Self::Merge,
        Self::ForeignParent,
        Self::Truncate,
        Self::Copy,
        Self::ForUpdate,
        Self::Lock,
    ];
}

impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Select => "select",
            Self::PointSelect => "point select",
            Self::Count => "count",
            Self::Join => "join",
            Self::Insert => "insert",
            Self::InsertForAnother => "insert for another",
            Self::Update => "update",
            Self::Move => "move to another tenant",
            Self::Delete => "delete",
            Self::Upsert => "upsert",
            Self::Merge => "merge",
            Self::ForeignParent => "child to foreign parent",
            Self::Truncate => "truncate",
            Self::Copy => "copy",
            Self::ForUpdate => "select for update",
            Self::Lock => "lock table",
        })
    }
}
