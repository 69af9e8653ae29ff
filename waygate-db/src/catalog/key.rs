//! What an object is known by.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::sql::identifier::ident;

/// What an object is known by: its kind and its names from the outside in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The kind of object.
    pub kind: Kind,
    /// The names, unquoted: of a schema; of schema and object; of schema, relation and part; of a function, schema, name and
    /// the types of its arguments.
    pub path: Vec<String>,
}

/// A kind of object, in the order in which they can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// A collation.
    Collation,
    /// An enum type.
    Enum,
    /// A domain.
    Domain,
    /// A composite type.
    Composite,
    /// A range type.
    Range,
    /// A sequence, of its own or a column's.
    Sequence,
    /// A function, procedure or aggregate.
    Function,
    /// A table, partitioned table, partition or foreign table.
    Table,
    /// A column of a table.
    Column,
    /// A key, check, foreign key or exclusion of a table.
    Constraint,
    /// An index that no constraint made.
    Index,
    /// A view or materialized view.
    View,
    /// A trigger.
    Trigger,
    /// A rewrite rule.
    Rule,
    /// A policy of row security.
    Policy,
    /// Extended statistics.
    Statistics,
    /// The rights that new objects start with.
    DefaultPrivileges,
    /// A publication of logical replication.
    Publication,
}

impl Key {
    /// A key of this kind with these names.
    #[must_use]
    pub fn new<N: Into<String>>(kind: Kind, path: impl IntoIterator<Item = N>) -> Self {
        Self { kind, path: path.into_iter().map(Into::into).collect() }
    }

    /// The object's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = if self.kind == Kind::Function { self.path.get(1) } else { self.path.last() };
        name.map_or("", String::as_str)
    }

    /// The schema that it stands in, or that it is.
    #[must_use]
    pub fn schema(&self) -> Option<&str> {
        let is_outside = matches!(self.kind, Kind::Extension | Kind::Publication);
        self.path.first().map(String::as_str).filter(|_| !is_outside)
    }

    /// The schema and name of the table or view that it is a part of.
    #[must_use]
    pub fn relation(&self) -> Option<&[String]> {
        let is_part = matches!(
            self.kind,
            Kind::Column | Kind::Constraint | Kind::Index | Kind::Trigger | Kind::Rule | Kind::Policy
        );
        self.path.get(..2).filter(|_| is_part)
    }

    /// The key of the table that it is a part of, or that it is.
    #[must_use]
    pub fn table(&self) -> Option<Self> {
        match self.kind {
            Kind::Table => Some(self.clone()),
            _ => self.relation().map(|path| Self { kind: Kind::Table, path: path.to_vec() }),
        }
    }
}

impl Kind {
    /// The kind in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Collation => "collation",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Composite => "composite type",
            Self::Range => "range type",
            Self::Sequence => "sequence",
            Self::Function => "function",
            Self::Table => "table",
            Self::Column => "column",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::View => "view",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Statistics => "statistics",
            Self::DefaultPrivileges => "default privileges",
            Self::Publication => "publication",
        }
    }
}

impl Display for Kind {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Display for Key {
    /// The kind and the names, as people write them: `column public.tenants.name`.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if let (Kind::Function, [schema, name, arguments]) = (self.kind, self.path.as_slice()) {
            return write!(out, "function {}.{}({arguments})", ident(schema), ident(name));
        }
        write!(out, "{} ", self.kind)?;
        for (place, name) in self.path.iter().filter(|name| !name.is_empty()).enumerate() {
            let dot = if place > 0 { "." } else { "" };
            write!(out, "{dot}{}", ident(name))?;
        }
        Ok(())
    }
}
