//! The objects of a database, as its server describes them.
//!
//! [`Catalog::read`] asks for everything in one statement: one snapshot, and every expression printed by the server with
//! nothing on the search path. What two catalogs of one server disagree in is therefore a difference of the databases
//! and never one of wording. Nothing in it is a number of the server's own, so a dump that was read back is equal.

mod action;
mod difference;
mod key;
mod object;
mod parts;
mod plan;
mod programs;
mod read;
mod relations;
mod render;
mod settle;
mod types;

use std::collections::BTreeMap;

pub use action::{Action, Aspect, Verb};
pub use difference::{Change, Difference, Property, differences};
pub use key::{Key, Kind};
pub use object::{Grant, Object, Properties};
pub use parts::{Column, Constraint, Index, IndexKey, Policy, Reference, Statistics};
pub use plan::plan;
pub use programs::{DefaultPrivileges, Function, Publication, PublishedTable, Rule, Trigger, View, ViewColumn};
pub use relations::Table;
pub use settle::settle;
pub use types::{Attribute, Collation, Composite, Domain, Enum, Extension, OwnedBy, Range, Sequence};

/// The objects of a database, each under its key.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Catalog {
    /// The server's version, as `150018`.
    pub server: u32,
    /// The role that read it, and that owns what it makes.
    pub role: String,
    #[serde(with = "object::list")]
    objects: BTreeMap<Key, Object>,
}

impl Catalog {
    /// A catalog of these objects.
    #[must_use]
    pub fn new(server: u32, role: impl Into<String>, objects: impl IntoIterator<Item = Object>) -> Self {
        Self { server, role: role.into(), objects: objects.into_iter().map(|object| (object.key(), object)).collect() }
    }

    /// The objects, by kind and name.
    pub fn objects(&self) -> impl Iterator<Item = (&Key, &Object)> {
        self.objects.iter()
    }

    /// The object under this key.
    #[must_use]
    pub fn object(&self, key: &Key) -> Option<&Object> {
        self.objects.get(key)
    }

    /// Whether there is an object under this key.
    #[must_use]
    pub fn contains(&self, key: &Key) -> bool {
        self.objects.contains_key(key)
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The objects of this kind that are parts of this table or view: its columns, constraints, indexes, policies.
    pub fn parts<'a>(&'a self, kind: Kind, relation: &'a [String]) -> impl Iterator<Item = &'a Object> {
        self.objects
            .iter()
            .filter(move |(key, _)| key.kind == kind && key.relation() == Some(relation))
            .map(|(_, object)| object)
    }

    /// The catalog of the objects that are kept.
    #[must_use]
    pub fn retain(mut self, mut keep: impl FnMut(&Key, &Object) -> bool) -> Self {
        self.objects.retain(|key, object| keep(key, object));
        self
    }
}
