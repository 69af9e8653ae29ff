//! Constraints of tables that are in use: new rows are held to them first, and the others looked at later.

use super::asserts;
use super::forms::{Placed, plain};
use super::indexes::concurrently;
use super::step::Part;
use super::words::{about, named};
use super::world::World;
use crate::catalog::{Action, Constraint, Key};
use crate::sql::ddl::derived;
use crate::sql::identifier::ident;

/// A new constraint.
pub(super) fn add(action: &Action, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    let Some(constraint) = world.constraint(key) else { return vec![Placed::Here(plain(action))] };
    match constraint.kind.as_str() {
        "c" | "f" if constraint.valid => later_valid(action, world),
        "p" | "u" => through_index(action, constraint, world),
        "x" => vec![Placed::Here(plain(action).says("No row can be written while its index is built."))],
        _ => vec![Placed::Here(plain(action))],
    }
}

/// A constraint that goes. A key that is made anew goes once the index of its successor is there.
pub(super) fn drop(action: &Action, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    let is_key = world.constraint(key).is_some_and(|constraint| ["p", "u"].contains(&constraint.kind.as_str()));
    if is_key && world.creates(key) && !world.changes_below(key) {
        return Vec::new();
    }
    vec![Placed::Here(plain(action))]
}

/// A look at all rows that locks nobody out, and before it the same look as a question, whose answer names the trouble.
pub(super) fn validate(key: &Key, world: &World<'_>) -> Placed {
    let table = key.relation().unwrap_or_default();
    let sql = format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", named(table), ident(key.name()));
    let part = Part::new(about(key), sql);
    let constraint = world.constraint(key);
    let assert = constraint.and_then(|constraint| match &constraint.references {
        Some(reference) => Some(asserts::no_orphans(table, &constraint.columns, reference)),
        None => asserts::meets(key, table, &constraint.definition),
    });
    Placed::Validate(assert.into_iter().fold(part, Part::asserts))
}

fn later_valid(action: &Action, world: &World<'_>) -> Vec<Placed> {
    let mut part = plain(action);
    part.sql.push_str(" NOT VALID");
    vec![Placed::Here(part), validate(&action.key, world)]
}

/// A key from an index that was built while others wrote.
fn through_index(action: &Action, constraint: &Constraint, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    let Some(index) = constraint.index.as_deref().and_then(concurrently) else {
        return vec![Placed::Here(plain(action))];
    };
    let replaces = world.drops(key) && !world.changes_below(key);
    let made = if replaces { derived(key.name(), [], "new") } else { key.name().to_owned() };
    let (name, made) = (ident(key.name()).to_string(), ident(&made).to_string());
    let table = key.relation().unwrap_or_default();
    let is_primary = constraint.kind == "p";
    let nulls_are_equal = is_primary || constraint.definition.contains("NULLS NOT DISTINCT");
    let columns: Vec<String> = constraint.columns.iter().map(|column| ident(column).to_string()).collect();
    let build =
        Part::new(about(key), index.replacen(&format!("CONCURRENTLY {name} "), &format!("CONCURRENTLY {made} "), 1))
            .asserts(asserts::no_duplicates(table, &columns, None, nulls_are_equal));
    let kind = if is_primary { "PRIMARY KEY" } else { "UNIQUE" };
    let table = named(table);
    let add = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {kind} USING INDEX {made}{}", deferral(constraint));
    let mut placed = vec![Placed::Alone(build)];
    if replaces {
        let dropped = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
        placed.push(Placed::Here(Part::new(about(key), dropped)));
    }
    placed.push(Placed::Here(Part::new(about(key), add)));
    placed
}

/// When the key is checked, where that is not at once.
fn deferral(constraint: &Constraint) -> &str {
    constraint.definition.find(" DEFERRABLE").and_then(|at| constraint.definition.get(at..)).unwrap_or_default()
}
