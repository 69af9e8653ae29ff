//! Sequences.

use super::{Action, Key, Outcome, name, other, qualified};
use crate::catalog::Sequence;

pub(super) fn create(key: &Key, it: &Sequence) -> String {
    format!("CREATE SEQUENCE {} AS {} {}", name(key), it.ty, options(it))
}

/// All of a sequence's numbers, as CREATE SEQUENCE and an identity take them.
pub(super) fn options(it: &Sequence) -> String {
    let cycle = if it.cycle { "CYCLE" } else { "NO CYCLE" };
    format!(
        "START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {} {cycle}",
        it.start, it.increment, it.min, it.max, it.cache
    )
}

/// The numbers; whose the sequence is comes after the columns ([`owned_by`]).
pub(super) fn alter(key: &Key, from: &Sequence, to: &Sequence) -> Outcome {
    let identity = |it: &Sequence| it.owned_by.clone().filter(|owner| owner.identity);
    if identity(from) != identity(to) {
        return Outcome::Rebuild;
    }
    let numbers = |it: &Sequence| (it.ty.clone(), options(it));
    let differs = numbers(from) != numbers(to);
    Outcome::of(differs.then(|| other(key, format!("ALTER SEQUENCE {} AS {} {}", name(key), to.ty, options(to)))))
}

/// `OWNED BY`, unless the sequence is an identity's.
pub(in crate::catalog) fn owned_by(key: &Key, it: &Sequence) -> Option<Action> {
    let owner = match &it.owned_by {
        Some(owner) if owner.identity => return None,
        Some(owner) => qualified(&owner.column),
        None => "NONE".to_owned(),
    };
    Some(other(key, format!("ALTER SEQUENCE {} OWNED BY {owner}", name(key))))
}
