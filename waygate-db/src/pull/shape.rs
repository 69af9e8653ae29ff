//! A table with its parts, and whether it can be a model.

use crate::catalog::{Catalog, Column, Constraint, Index, Kind, Object, Policy, Properties, Reference, Table, Trigger};

/// The ledgers of tools that migrate; what they hold is no data of the program's.
const LEDGERS: &[&str] = &[
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "_prisma_migrations",
    "_sqlx_migrations",
    "ar_internal_metadata",
    "flyway_schema_history",
    "goose_db_version",
    "refinery_schema_history",
    "schema_migrations",
    "seaql_migrations",
];

/// A part of a table: its name, its object and what that is.
#[derive(Debug)]
pub(super) struct Part<'a, T> {
    pub(super) name: &'a str,
    pub(super) object: &'a Object,
    pub(super) is: &'a T,
}

/// A table that can be a model, with its parts.
#[derive(Debug, Clone)]
pub(super) struct Shape<'a> {
    pub(super) name: &'a str,
    pub(super) object: &'a Object,
    pub(super) is: &'a Table,
    /// In their order.
    pub(super) columns: Vec<Part<'a, Column>>,
    pub(super) constraints: Vec<Part<'a, Constraint>>,
    pub(super) indexes: Vec<Part<'a, Index>>,
    pub(super) policies: Vec<Part<'a, Policy>>,
    pub(super) triggers: Vec<Part<'a, Trigger>>,
    /// The column of the primary key.
    pub(super) key: &'a str,
}

impl<'a> Shape<'a> {
    /// The table, or why it cannot be a model.
    pub(super) fn of(catalog: &'a Catalog, object: &'a Object, is: &'a Table) -> Result<Self, String> {
        let name = object.path.last().map_or("", String::as_str);
        check_kind(name, is)?;
        let mut columns = parts(catalog, object, Kind::Column, |is| match is {
            Properties::Column(column) => Some(column),
            _ => None,
        });
        columns.sort_by_key(|column| column.object.place);
        let constraints = parts(catalog, object, Kind::Constraint, |is| match is {
            Properties::Constraint(constraint) => Some(constraint),
            _ => None,
        });
        let key = key(&columns, &constraints)?;
        let indexes = parts(catalog, object, Kind::Index, |is| match is {
            Properties::Index(index) => Some(index),
            _ => None,
        });
        let policies = parts(catalog, object, Kind::Policy, |is| match is {
            Properties::Policy(policy) => Some(policy),
            _ => None,
        });
        let triggers = parts(catalog, object, Kind::Trigger, |is| match is {
            Properties::Trigger(trigger) => Some(trigger),
            _ => None,
        });
        Ok(Self { name, object, is, columns, constraints, indexes, policies, triggers, key })
    }

    /// The column of this name.
    pub(super) fn column(&self, name: &str) -> Option<Part<'a, Column>> {
        self.columns.iter().find(|column| column.name == name).copied()
    }

    /// The constraints of this kind.
    pub(super) fn constraints(&self, kind: &str) -> impl Iterator<Item = Part<'a, Constraint>> {
        self.constraints.iter().filter(move |constraint| constraint.is.kind == kind).copied()
    }

    /// The references to tables of the same schema: each constraint, what it refers to, and that table's name.
    pub(super) fn references(&self) -> impl Iterator<Item = (Part<'a, Constraint>, &'a Reference, &'a str)> {
        let schema = self.object.path.first();
        self.constraints("f").filter_map(move |constraint| {
            let to = constraint.is.references.as_ref()?;
            let parent = to.table.last().filter(|_| to.table.first() == schema)?;
            Some((constraint, to, parent.as_str()))
        })
    }

    /// The policy of this name.
    pub(super) fn policy(&self, name: &str) -> Option<Part<'a, Policy>> {
        self.policies.iter().find(|policy| policy.name == name).copied()
    }

    /// Whether the role holds this right on the column, or on the whole table.
    pub(super) fn allows(&self, role: &str, privilege: &str, column: Option<&Object>) -> bool {
        let objects = [Some(self.object), column];
        let mut grants = objects.into_iter().flatten().flat_map(|object| &object.grants);
        grants.any(|grant| grant.role == role && grant.privilege == privilege)
    }
}

// Derived, they would ask the same of what the part is.
impl<T> Clone for Part<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<'_, T> {}

impl<T> Part<'_, T> {
    /// What it is known by.
    pub(super) fn key(&self) -> crate::catalog::Key {
        self.object.key()
    }
}

fn parts<'a, T>(
    catalog: &'a Catalog,
    table: &'a Object,
    kind: Kind,
    read: fn(&'a Properties) -> Option<&'a T>,
) -> Vec<Part<'a, T>> {
    let part = |object: &'a Object| {
        Some(Part { name: object.path.last().map_or("", String::as_str), object, is: read(&object.is)? })
    };
    catalog.parts(kind, &table.path).filter_map(part).collect()
}

// A model is a plain table that stands for itself.
fn check_kind(name: &str, table: &Table) -> Result<(), String> {
    let refuse = |why: &str| Err(why.to_owned());
    if name.trim().is_empty() {
        return refuse("its name is blank");
    }
    if LEDGERS.contains(&name) {
        return refuse("it is the ledger of a migration tool");
    }
    match table.kind.as_str() {
        "p" => return refuse("it is split into partitions, and a model is one table"),
        "f" => return refuse("its rows are on another server"),
        _ => {}
    }
    if table.bound.is_some() {
        return refuse("it is a partition of another table");
    }
    if !table.parents.is_empty() {
        return refuse("it inherits from another table");
    }
    if table.persistence == "t" { refuse("it is temporary") } else { Ok(()) }
}

// Rows are found, and sealed values bound, by one UUID.
fn key<'a>(columns: &[Part<'a, Column>], constraints: &[Part<'a, Constraint>]) -> Result<&'a str, String> {
    let Some(primary) = constraints.iter().find(|constraint| constraint.is.kind == "p") else {
        return Err("it has no primary key, and a model has one of type uuid".to_owned());
    };
    let [key] = primary.is.columns.as_slice() else {
        let columns = primary.is.columns.join(", ");
        return Err(format!("its primary key is over several columns ({columns}), and a model's is one uuid"));
    };
    let column = columns.iter().find(|column| column.name == key);
    match column.map(|column| column.is.ty.as_str()) {
        _ if key.trim().is_empty() => Err("the name of its primary key's column is blank".to_owned()),
        Some("uuid") => Ok(key.as_str()),
        other => {
            let ty = other.unwrap_or("unknown");
            Err(format!("its primary key {key} is of type {ty}, and a model's is a uuid"))
        }
    }
}
