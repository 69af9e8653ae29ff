//! Orders that keep to what needs what.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Catalog, Key, Object};

/// The things in an order in which each comes after those that it needs; of several that could come next, the least.
/// Where things need each other in a circle, the least of them comes first.
pub(super) fn sorted<N: Ord + Clone>(needs: &BTreeMap<N, BTreeSet<N>>) -> Vec<N> {
    let mut waiting: BTreeMap<N, usize> = BTreeMap::new();
    let mut wanted_by: BTreeMap<&N, Vec<&N>> = BTreeMap::new();
    for (node, needed) in needs {
        let known: Vec<&N> = needed.iter().filter(|need| *need != node && needs.contains_key(need)).collect();
        waiting.insert(node.clone(), known.len());
        for need in known {
            wanted_by.entry(need).or_default().push(node);
        }
    }
    let mut ready: BTreeSet<N> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(node, _)| node.clone()).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(next) = ready.pop_first().or_else(|| waiting.keys().next().cloned()) {
        if waiting.remove(&next).is_none() {
            continue;
        }
        for node in wanted_by.get(&next).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*node) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.insert((*node).clone());
                }
            }
        }
        order.push(next);
    }
    order
}

/// The objects in an order in which each can be dropped: before those that it needs. The parts of a table count as the
/// table where they are not dropped by themselves.
pub(super) fn last_first<'a>(catalog: &Catalog, objects: &[&'a Object]) -> Vec<&'a Object> {
    let by_key: BTreeMap<Key, &Object> = objects.iter().map(|object| (object.key(), *object)).collect();
    let mut needs: BTreeMap<Key, BTreeSet<Key>> = by_key.keys().map(|key| (key.clone(), BTreeSet::new())).collect();
    for (key, object) in catalog.objects() {
        // A part that is dropped by itself goes before its table.
        let table = key.table().filter(|table| table != key);
        let own = home(key, &by_key);
        if let Some(list) = needs.get_mut(&own) {
            list.extend(object.needs.iter().map(|need| home(need, &by_key)).chain(table).filter(|need| *need != own));
        }
    }
    sorted(&needs).into_iter().rev().filter_map(|key| by_key.get(&key).copied()).collect()
}

/// The object itself where it is dropped by itself, else its table.
fn home(key: &Key, dropped: &BTreeMap<Key, &Object>) -> Key {
    match key.table() {
        Some(table) if !dropped.contains_key(key) => table,
        _ => key.clone(),
    }
}
