//! Parts that are the same but for their names.
//!
//! Only what is made from a definition is looked at: an index, a key, a policy. A table or a column that has another name is
//! another one until somebody says otherwise.

use std::collections::BTreeMap;

use super::super::{Catalog, Index, Key, Object, Properties};
use crate::sql::identifier::ident;

/// The old keys with the new ones.
pub(super) fn find(from: &Catalog, to: &Catalog) -> BTreeMap<Key, Key> {
    let mut found: BTreeMap<Key, Key> = BTreeMap::new();
    for (key, object) in from.objects().filter(|(key, _)| !to.contains(key)) {
        let new = to.objects().find(|(new, candidate)| {
            new.kind == key.kind
                && !from.contains(new)
                && !found.values().any(|taken| taken == *new)
                && is_same(object, candidate)
        });
        if let Some((new, _)) = new {
            found.insert(key.clone(), new.clone());
        }
    }
    found
}

/// The catalog after the renames, and after the extensions have moved to their schemas: its definitions are the new ones,
/// since the server prints names within them.
pub(super) fn apply(from: &Catalog, to: &Catalog, renames: &BTreeMap<Key, Key>) -> Catalog {
    let moves = moves(from, to);
    let objects = from.objects().map(|(key, object)| {
        let mut object = object.clone();
        for need in &mut object.needs {
            if let Some(new) = renames.get(need) {
                *need = new.clone();
            }
        }
        if let Some(new) = renames.get(key).and_then(|new| to.object(new)) {
            object.path.clone_from(&new.path);
            object.is = new.is.clone();
        }
        let of_moved = moves.iter().filter(|moved| object.needs.contains(&moved.extension));
        if let (Some(new), Some(_)) = (to.object(key).filter(|new| new.is != object.is), of_moved.clone().next())
            && of_moved.fold(text(&object.is), |text, moved| text.replace(&moved.old, &moved.new)) == text(&new.is)
        {
            object.is = new.is.clone();
        }
        object
    });
    Catalog::new(from.server, from.role.clone(), objects)
}

/// An extension that stands in another schema, and how names within it begin before and after.
struct Moved {
    extension: Key,
    old: String,
    new: String,
}

fn moves(from: &Catalog, to: &Catalog) -> Vec<Moved> {
    let schema = |object: &Object| match &object.is {
        Properties::Extension(it) => Some(format!("{}.", ident(&it.schema))),
        _ => None,
    };
    let moved = from.objects().filter_map(|(key, object)| {
        let (old, new) = (schema(object)?, schema(to.object(key)?)?);
        (old != new).then(|| Moved { extension: key.clone(), old, new })
    });
    moved.collect()
}

/// All texts of an object in one.
fn text(properties: &Properties) -> String {
    serde_json::to_string(properties).unwrap_or_default()
}

/// Whether two objects with different names differ in nothing else.
fn is_same(old: &Object, new: &Object) -> bool {
    let (old_key, new_key) = (old.key(), new.key());
    if old_key.relation() != new_key.relation() {
        return false;
    }
    let renamed = |text: &str| text.replacen(&ident(old_key.name()).to_string(), &ident(new_key.name()).to_string(), 1);
    match (&old.is, &new.is) {
        (Properties::Index(old), Properties::Index(new)) => {
            Index { definition: renamed(&old.definition), ..old.clone() } == *new && old.parent.is_none()
        }
        (Properties::Constraint(old), Properties::Constraint(new)) => {
            let index = old.index.as_deref().map(renamed);
            index == new.index
                && old.definition == new.definition
                && (&old.kind, old.valid, &old.parent, old.local) == (&new.kind, new.valid, &new.parent, new.local)
                && (old.clustered, old.replica_identity) == (new.clustered, new.replica_identity)
        }
        (Properties::Trigger(old), Properties::Trigger(new)) => {
            renamed(&old.definition) == new.definition && old.enabled == new.enabled
        }
        (Properties::Policy(old), Properties::Policy(new)) => old == new,
        (Properties::Sequence(old), Properties::Sequence(new)) => {
            old == new && old.owned_by.is_some() && old_key.path.first() == new_key.path.first()
        }
        _ => false,
    }
}
