//! Tables that are logged from now on, or no longer.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Action, Key, Kind, Properties, render};
use super::{Plan, order};

/// The statements, in an order in which no logged table refers to an unlogged one at any time.
pub(super) fn actions(plan: &Plan<'_>) -> Vec<Action> {
    let mut changed: BTreeMap<bool, BTreeMap<Key, BTreeSet<Key>>> = BTreeMap::new();
    for (key, object) in plan.to.objects().filter(|(key, _)| !plan.is_made(key)) {
        if let (Some(Properties::Table(from)), Properties::Table(to)) =
            (plan.from.object(key).map(|object| &object.is), &object.is)
            && from.persistence != to.persistence
        {
            changed.entry(to.persistence == "u").or_default().insert(key.clone(), referred(plan, key));
        }
    }
    let mut actions = Vec::new();
    for (unlogged, tables) in changed {
        let mut tables = order::sorted(&tables);
        if unlogged {
            tables.reverse();
        }
        actions.extend(tables.iter().map(|table| render::set_logged(table, !unlogged)));
    }
    actions
}

/// The tables that this one refers to.
fn referred(plan: &Plan<'_>, table: &Key) -> BTreeSet<Key> {
    let constraints = plan.from.parts(Kind::Constraint, &table.path);
    let references = constraints.filter_map(|constraint| match &constraint.is {
        Properties::Constraint(it) => it.references.as_ref(),
        _ => None,
    });
    references.map(|reference| Key::new(Kind::Table, &reference.table)).collect()
}
