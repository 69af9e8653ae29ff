//! Whose rows a table holds: as the library's policies say, else as names and references suggest.

mod guess;
mod own;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use super::shape::Shape;
use super::{About, Note, Request};
use crate::error::Result;

/// Whose rows a table holds, with columns by their names in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everybody reads them.
    Shared,
    /// Each is its own tenant.
    Key,
    /// Each names its tenant in this column.
    Column(String),
    /// Each belongs to its parent's tenant.
    Through {
        /// The column that refers to the parent.
        column: String,
        /// The column that repeats the parent's tenant, or is NULL.
        owner: Option<String>,
    },
}

impl Scope {
    /// The column that every unique index starts with.
    pub(super) fn owning_column(&self) -> Option<&str> {
        match self {
            Self::Column(column) | Self::Through { column, .. } => Some(column),
            Self::Shared | Self::Key => None,
        }
    }

    /// The column that holds the row's tenant, beside the key.
    pub(super) fn tenant_column(&self) -> Option<&str> {
        match self {
            Self::Column(column) => Some(column),
            _ => None,
        }
    }
}

impl Display for Scope {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared => out.write_str("shared"),
            Self::Key => out.write_str("tenant (key)"),
            Self::Column(column) => write!(out, "tenant ({column})"),
            Self::Through { column, .. } => write!(out, "tenant through {column}"),
        }
    }
}

/// The scopes of these tables. One whose parent has no model cannot be said: it is taken out, with a note.
pub(super) fn scopes<'a>(
    shapes: &mut BTreeMap<&'a str, Shape<'a>>,
    request: &Request,
    notes: &mut Vec<Note>,
) -> Result<BTreeMap<&'a str, Scope>> {
    let mut scopes = BTreeMap::new();
    let mut homeless = Vec::new();
    for (name, shape) in shapes.iter() {
        match own::scope(shape, shapes, request) {
            own::Said::Scope(scope) => drop(scopes.insert(*name, scope)),
            own::Said::Nothing => {}
            own::Said::ParentWithoutModel => homeless.push(*name),
        }
    }
    for name in homeless {
        if let Some(shape) = shapes.remove(name) {
            let text = "its rows belong to those of a table that has no model".to_owned();
            notes.push(Note { about: About::NoModel, key: shape.object.key(), text });
        }
    }
    guess::complete(&mut scopes, shapes, request, notes)?;
    Ok(scopes)
}
