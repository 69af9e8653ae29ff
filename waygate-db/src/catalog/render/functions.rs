//! Functions and procedures.

use super::{Key, Outcome, other, unplanned};
use crate::catalog::Function;
use crate::error::Result;

pub(super) fn create(key: &Key, it: &Function) -> Result<String> {
    it.definition.clone().ok_or_else(|| unplanned(key, "the server prints no definition of an aggregate"))
}

/// The new text takes the old one's place, unless what callers see of it changed.
pub(super) fn alter(key: &Key, from: &Function, to: &Function) -> Result<Outcome> {
    if from == to {
        return Ok(Outcome::of([]));
    }
    let seen = |it: &Function| (it.kind.clone(), it.returns.clone(), it.arguments.clone());
    if seen(from) != seen(to) {
        return Ok(Outcome::Rebuild);
    }
    Ok(Outcome::of([other(key, create(key, to)?)]))
}

pub(super) fn word(it: &Function) -> &'static str {
    match it.kind.as_str() {
        "p" => "PROCEDURE",
        "a" => "AGGREGATE",
        _ => "FUNCTION",
    }
}
