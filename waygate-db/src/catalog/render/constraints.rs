//! Keys, checks, foreign keys and exclusions.

use super::{Action, Aspect, Key, Outcome, Verb, ident, other, relation};
use crate::catalog::Constraint;

/// The constraint, unless it comes with a parent's.
pub(super) fn create(key: &Key, it: &Constraint) -> Vec<Action> {
    if comes_with_parent(it) {
        return Vec::new();
    }
    let sql = format!("ALTER TABLE {}\n    ADD {}", relation(key), inline(key, it));
    let made = Action { verb: Verb::Create, key: key.clone(), sql };
    [made].into_iter().chain(marks(key, (false, false), it)).collect()
}

/// Whether a parent table's constraint brings this one.
pub(super) fn comes_with_parent(it: &Constraint) -> bool {
    it.parent.is_some() || !it.local
}

/// The constraint with its name, as `ADD` and `CREATE TABLE` take it.
pub(super) fn inline(key: &Key, it: &Constraint) -> String {
    format!("CONSTRAINT {} {}", ident(key.name()), it.definition)
}

pub(super) fn alter(key: &Key, from: &Constraint, to: &Constraint) -> Outcome {
    let table = |change: String| format!("ALTER TABLE {} {change}", relation(key));
    let name = ident(key.name());
    let mut actions = Vec::new();
    if from.definition != to.definition {
        let (old, new) = (Timing::of(&from.definition), Timing::of(&to.definition));
        if old.rest.strip_suffix(" NOT VALID").unwrap_or(old.rest) != new.rest {
            return Outcome::Rebuild;
        }
        if old.rest != new.rest {
            let sql = table(format!("VALIDATE CONSTRAINT {name}"));
            actions.push(Action { verb: Verb::Alter(Aspect::Validate), key: key.clone(), sql });
        }
        if old.words != new.words {
            // Only a foreign key can change when it is checked.
            if to.kind != "f" {
                return Outcome::Rebuild;
            }
            let words = if new.words.is_empty() { "NOT DEFERRABLE" } else { new.words };
            actions.push(other(key, table(format!("ALTER CONSTRAINT {name} {words}"))));
        }
    } else if from.index != to.index && from.parent == to.parent {
        return Outcome::Rebuild;
    }
    actions.extend(marks(key, (from.clustered, from.replica_identity), to));
    Outcome::Statements(actions)
}

/// A definition without the words on when it is checked, and those words.
struct Timing<'a> {
    rest: &'a str,
    words: &'a str,
}

impl<'a> Timing<'a> {
    fn of(definition: &'a str) -> Self {
        let (end, valid) = match definition.strip_suffix(" NOT VALID") {
            Some(rest) => (rest, false),
            None => (definition, true),
        };
        for words in ["DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE"] {
            // Words behind NOT VALID would be cut too; the server never prints both.
            if let Some(rest) = end.strip_suffix(words).filter(|_| valid) {
                return Self { rest: rest.trim_end(), words };
            }
        }
        Self { rest: definition, words: "" }
    }
}

/// That CLUSTER orders the table by its index, or that it tells rows apart.
fn marks(key: &Key, (clustered, replica_identity): (bool, bool), to: &Constraint) -> impl Iterator<Item = Action> {
    let table = |change: String| other(key, format!("ALTER TABLE {} {change}", relation(key)));
    let cluster = (to.clustered && !clustered).then(|| table(format!("CLUSTER ON {}", ident(key.name()))));
    let unclustered = (!to.clustered && clustered).then(|| table("SET WITHOUT CLUSTER".to_owned()));
    let replica = (to.replica_identity && !replica_identity)
        .then(|| table(format!("REPLICA IDENTITY USING INDEX {}", ident(key.name()))));
    unclustered.into_iter().chain(cluster).chain(replica)
}
