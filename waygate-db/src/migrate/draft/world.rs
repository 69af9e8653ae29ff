//! What the forms of statements depend on: the two catalogs, and the rest of the plan.

use std::collections::BTreeSet;

use super::Outline;
use crate::catalog::{Aspect, Column, Constraint, Index, Key, Kind, Object, Properties, Verb};

/// An outline with what is asked of it again and again.
pub(super) struct World<'a> {
    pub(super) outline: Outline<'a>,
    created: BTreeSet<&'a Key>,
    dropped: BTreeSet<&'a Key>,
    /// The names that the plan gives away, of whatever kind.
    taken: BTreeSet<&'a [String]>,
    /// The columns and types whose values the plan turns into others.
    changed: BTreeSet<&'a Key>,
}

impl<'a> World<'a> {
    pub(super) fn new(outline: Outline<'a>) -> Self {
        let with = |wanted: fn(&Verb) -> bool| {
            outline.actions.iter().filter(move |action| wanted(&action.verb)).map(|action| &action.key)
        };
        let changes = |verb: &Verb| matches!(verb, Verb::Alter(Aspect::Type | Aspect::RemoveLabels(_)));
        Self {
            outline,
            created: with(|verb| *verb == Verb::Create).collect(),
            dropped: with(|verb| *verb == Verb::Drop).collect(),
            taken: with(|verb| *verb == Verb::Create).map(|key| key.path.as_slice()).collect(),
            changed: with(changes).collect(),
        }
    }

    /// Whether the table that this object is a part of, or is, was there before.
    pub(super) fn is_on_new_table(&self, key: &Key) -> bool {
        key.table().is_some_and(|table| !self.outline.from.contains(&table) && self.outline.to.contains(&table))
    }

    /// Whether this table may be in use, so that statements on it lock as little as they can. The parts of a partitioned
    /// table take none of the forms that do.
    pub(super) fn is_in_use(&self, key: &Key) -> bool {
        let Some(table) = key.table().filter(|_| !self.outline.plain) else { return false };
        let object = self.outline.from.object(&table).map(|object| &object.is);
        matches!(object, Some(Properties::Table(table)) if table.kind == "r" && table.parents.is_empty())
    }

    /// Whether the plan makes an object of this key.
    pub(super) fn creates(&self, key: &Key) -> bool {
        self.created.contains(key)
    }

    /// Whether the plan removes an object of this key.
    pub(super) fn drops(&self, key: &Key) -> bool {
        self.dropped.contains(key)
    }

    /// Whether the plan removes something of this name, of whatever kind.
    pub(super) fn frees(&self, name: &str) -> bool {
        self.dropped.iter().any(|key| key.name() == name)
    }

    /// Whether something else in the catalog that will be needs this object.
    pub(super) fn is_needed(&self, key: &Key) -> bool {
        self.outline.to.objects().any(|(_, object)| object.needs.contains(key))
    }

    /// Whether the plan makes something of this name, of whatever kind.
    pub(super) fn reuses_name(&self, key: &Key) -> bool {
        self.taken.contains(key.path.as_slice())
    }

    /// Whether the plan turns values that the old object is over into others.
    pub(super) fn changes_below(&self, key: &Key) -> bool {
        let object = self.outline.from.object(key);
        object.is_some_and(|object| object.needs.iter().any(|need| self.changed.contains(need)))
    }

    /// The expression that fills this column in the rows that are there.
    pub(super) fn filling(&self, key: &Key) -> Option<&'a str> {
        self.outline.fillings.get(key).map(String::as_str)
    }

    /// Whether the action at this place writes a whole table anew.
    pub(super) fn rewrites(&self, place: usize) -> bool {
        self.outline.rewriting.contains(&place)
    }

    /// The column as it will be.
    pub(super) fn column(&self, key: &Key) -> Option<&'a Column> {
        column(self.outline.to.object(key))
    }

    /// The column as it was.
    pub(super) fn old_column(&self, key: &Key) -> Option<&'a Column> {
        column(self.outline.from.object(key))
    }

    /// The constraint as it will be.
    pub(super) fn constraint(&self, key: &Key) -> Option<&'a Constraint> {
        match &self.outline.to.object(key)?.is {
            Properties::Constraint(constraint) => Some(constraint),
            _ => None,
        }
    }

    /// The index as it will be.
    pub(super) fn index(&self, key: &Key) -> Option<&'a Index> {
        match &self.outline.to.object(key)?.is {
            Properties::Index(index) => Some(index),
            _ => None,
        }
    }

    /// The one column of a table's primary key as it was, if it is one.
    pub(super) fn key_column(&self, table: &'a [String]) -> Option<&'a str> {
        let mut constraints = self.outline.from.parts(Kind::Constraint, table);
        constraints.find_map(|object| match &object.is {
            Properties::Constraint(Constraint { kind, columns, .. }) if kind == "p" => match columns.as_slice() {
                [column] => Some(column.as_str()),
                _ => None,
            },
            _ => None,
        })
    }

    /// The columns as they were whose type is this enum, or an array of it.
    pub(super) fn columns_of(&self, ty: &Key) -> impl Iterator<Item = (&'a Key, &'a Column)> {
        let name = ty.path.iter().map(|part| crate::sql::identifier::ident(part).to_string()).collect::<Vec<_>>();
        let name = name.join(".");
        self.outline.from.objects().filter_map(move |(key, object)| match &object.is {
            Properties::Column(column) if column.ty.trim_end_matches("[]") == name => Some((key, column)),
            _ => None,
        })
    }
}

fn column(object: Option<&Object>) -> Option<&Column> {
    match &object?.is {
        Properties::Column(column) => Some(column),
        _ => None,
    }
}
