//! Names that another object takes over.

use std::collections::BTreeSet;

use super::super::{Catalog, Kind, Object, Properties};

/// What may not be called the same: within a schema, and within one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    /// Tables, views, sequences and indexes, also those of constraints.
    Relations,
    /// Types, and tables and views, which are types too.
    Types,
    /// Functions: calls that fit two of one name fit none.
    Functions,
}

/// The names of the objects that are new.
pub(super) struct Names(BTreeSet<(Space, String, String)>);

impl Names {
    /// Those of the second catalog that the first has not.
    pub(super) fn new_in(from: &Catalog, to: &Catalog) -> Self {
        let new = to.objects().filter(|(key, _)| !from.contains(key)).map(|(_, object)| object);
        Self(new.flat_map(names).collect())
    }

    /// Whether a new object has a name of this one.
    pub(super) fn take(&self, object: &Object) -> bool {
        names(object).any(|name| self.0.contains(&name))
    }
}

fn names(object: &Object) -> impl Iterator<Item = (Space, String, String)> + use<> {
    let spaces: &[Space] = match &object.is {
        Properties::Table(_) | Properties::View(_) => &[Space::Relations, Space::Types],
        Properties::Sequence(_) | Properties::Index(_) => &[Space::Relations],
        Properties::Constraint(it) if it.index.is_some() => &[Space::Relations],
        Properties::Function(_) => &[Space::Functions],
        _ if matches!(object.kind(), Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range) => &[Space::Types],
        _ => &[],
    };
    let key = object.key();
    let (schema, name) = (key.schema().unwrap_or_default().to_owned(), key.name().to_owned());
    spaces.iter().map(move |space| (*space, schema.clone(), name.clone()))
}
