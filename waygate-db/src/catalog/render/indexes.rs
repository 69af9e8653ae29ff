//! Indexes.

use super::{Action, Key, Outcome, Verb, ident, name, other, relation, set_parameters};
use crate::catalog::Index;

/// The index, unless it is a part of a partitioned one and comes with that.
pub(super) fn create(key: &Key, it: &Index) -> Vec<Action> {
    if it.parent.is_some() {
        return Vec::new();
    }
    // Of a partitioned table the server prints the index of the whole alone; the parts need theirs too.
    let sql = it.definition.replacen(" ON ONLY ", " ON ", 1);
    let made = Action { verb: Verb::Create, key: key.clone(), sql };
    [made].into_iter().chain(marks(key, (false, false), it)).collect()
}

pub(super) fn alter(key: &Key, from: &Index, to: &Index) -> Outcome {
    // The server prints an index's parameters within its definition.
    let shape = |it: &Index| {
        (it.unique, it.nulls_not_distinct, it.method.clone(), it.keys.clone(), it.include.clone(), it.predicate.clone())
    };
    if shape(from) != shape(to) || (to.valid && !from.valid) {
        return Outcome::Rebuild;
    }
    let parameters = set_parameters(&from.options, &to.options);
    if parameters.is_empty()
        && from.options == to.options
        && from.definition != to.definition
        && from.parent == to.parent
    {
        return Outcome::Rebuild;
    }
    let parameters = parameters.into_iter().map(|change| other(key, format!("ALTER INDEX {} {change}", name(key))));
    Outcome::of(parameters.chain(marks(key, (from.clustered, from.replica_identity), to)))
}

/// That CLUSTER orders the table by it, or that it tells rows apart. What it no longer does, another index or the table
/// says.
fn marks(key: &Key, (clustered, replica_identity): (bool, bool), to: &Index) -> impl Iterator<Item = Action> {
    let table = |change: String| other(key, format!("ALTER TABLE {} {change}", relation(key)));
    let cluster = (to.clustered && !clustered).then(|| table(format!("CLUSTER ON {}", ident(key.name()))));
    let unclustered = (!to.clustered && clustered).then(|| table("SET WITHOUT CLUSTER".to_owned()));
    let replica = (to.replica_identity && !replica_identity)
        .then(|| table(format!("REPLICA IDENTITY USING INDEX {}", ident(key.name()))));
    unclustered.into_iter().chain(cluster).chain(replica)
}
