//! One object.

use serde::{Deserialize, Serialize};

use super::{
    Collation, Column, Composite, Constraint, DefaultPrivileges, Domain, Enum, Extension, Function, Index, Key, Kind,
    Policy, Publication, Range, Rule, Sequence, Statistics, Table, Trigger, View,
};

/// One object of a database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its names, as in [`Key::path`].
    pub path: Vec<String>,
    /// A column's place in its table, from one.
    pub place: u32,
    /// The role that owns it; parts of a table belong to the table's.
    pub owner: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
    /// What others than its owner may do with it.
    pub grants: Vec<Grant>,
    /// The objects that have to be there before it.
    pub needs: Vec<Key>,
    /// What it is.
    #[serde(flatten)]
    pub is: Properties,
}

/// A right on an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    /// Who has it: a role, or `public` for everyone.
    pub role: String,
    /// The right, as GRANT names it: `SELECT`.
    pub privilege: String,
    /// Whether the role may grant it to others.
    pub grantable: bool,
}

/// What an object is, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "is", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after the kind that its type describes")]
pub enum Properties {
    Schema {},
    Extension(Extension),
    Collation(Collation),
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Range(Range),
    Sequence(Sequence),
    Function(Function),
    Table(Table),
    Column(Column),
    Constraint(Constraint),
    Index(Index),
    View(View),
    Trigger(Trigger),
    Rule(Rule),
    Policy(Policy),
    Statistics(Statistics),
    DefaultPrivileges(DefaultPrivileges),
    Publication(Publication),
}

impl Object {
    /// What the object is known by.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { kind: self.kind(), path: self.path.clone() }
    }

    /// The kind of object.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.is {
            Properties::Schema {} => Kind::Schema,
            Properties::Extension(_) => Kind::Extension,
            Properties::Collation(_) => Kind::Collation,
            Properties::Enum(_) => Kind::Enum,
            Properties::Domain(_) => Kind::Domain,
            Properties::Composite(_) => Kind::Composite,
            Properties::Range(_) => Kind::Range,
            Properties::Sequence(_) => Kind::Sequence,
            Properties::Function(_) => Kind::Function,
            Properties::Table(_) => Kind::Table,
            Properties::Column(_) => Kind::Column,
            Properties::Constraint(_) => Kind::Constraint,
            Properties::Index(_) => Kind::Index,
            Properties::View(_) => Kind::View,
            Properties::Trigger(_) => Kind::Trigger,
            Properties::Rule(_) => Kind::Rule,
            Properties::Policy(_) => Kind::Policy,
            Properties::Statistics(_) => Kind::Statistics,
            Properties::DefaultPrivileges(_) => Kind::DefaultPrivileges,
            Properties::Publication(_) => Kind::Publication,
        }
    }
}

/// A catalog's objects as a list: a key is no text, which JSON asks of a map's.
pub(super) mod list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Key, Object};

    pub(in crate::catalog) fn serialize<S: Serializer>(
        objects: &BTreeMap<Key, Object>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(objects.values())
    }

    pub(in crate::catalog) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Key, Object>, D::Error> {
        let objects = Vec::<Object>::deserialize(deserializer)?;
        Ok(objects.into_iter().map(|object| (object.key(), object)).collect())
    }
}
