//! New tables: all that belongs to one stands together, under a heading, as far as what it needs is there.

use std::collections::BTreeSet;

use super::World;
use crate::catalog::{Action, Key, Kind, Verb};

/// The places of a plan's actions, with those of each new table moved up behind its creation. An action stays where it
/// is while it needs what the plan makes later, as a reference to another new table.
pub(super) fn together(world: &World<'_>) -> Vec<usize> {
    let actions = world.outline.actions;
    let mut order = Vec::with_capacity(actions.len());
    let mut missing: BTreeSet<&Key> = made(actions);
    let mut moved = BTreeSet::new();
    for (place, action) in actions.iter().enumerate() {
        if !moved.insert(place) {
            continue;
        }
        order.push(place);
        arrive(&mut missing, action);
        if action.verb != Verb::Create || action.key.kind != Kind::Table {
            continue;
        }
        for (later, part) in actions.iter().enumerate().skip(place) {
            let is_own = !moved.contains(&later) && part.key.table().as_ref() == Some(&action.key);
            if is_own && world.is_on_new_table(&part.key) && is_ready(part, &missing, world) {
                moved.insert(later);
                order.push(later);
                arrive(&mut missing, part);
            }
        }
    }
    order
}

/// What the plan makes.
fn made(actions: &[Action]) -> BTreeSet<&Key> {
    actions.iter().filter(|action| action.verb == Verb::Create).map(|action| &action.key).collect()
}

/// What is there after an action.
fn arrive<'a>(missing: &mut BTreeSet<&'a Key>, action: &'a Action) {
    if action.verb == Verb::Create {
        missing.remove(&action.key);
    }
}

/// Whether all that an action needs is there.
fn is_ready(action: &Action, missing: &BTreeSet<&Key>, world: &World<'_>) -> bool {
    if action.verb != Verb::Create {
        return !missing.contains(&action.key);
    }
    let object = world.outline.to.object(&action.key);
    // A column that comes with its table is no action of its own.
    object.is_none_or(|object| object.needs.iter().all(|need| !missing.contains(need) && !is_later(need, missing)))
}

/// Whether this is a part of a table that is made later.
fn is_later(need: &Key, missing: &BTreeSet<&Key>) -> bool {
    need.table().is_some_and(|table| missing.contains(&table))
}
