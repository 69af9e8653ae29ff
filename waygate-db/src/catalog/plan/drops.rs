//! What is dropped, before the work or after it.

use std::collections::BTreeSet;

use super::super::{Action, Catalog, Key, Kind, Object, Properties, render};
use super::names::Names;
use super::{Plan, dependents, heritage, order, work};

/// The drops before the work and those after it. What holds rows goes last, unless it stands in the way.
pub(super) fn actions(plan: &Plan<'_>) -> (Vec<Action>, Vec<Action>) {
    let gone: Vec<&Object> =
        plan.from.objects().filter(|(key, _)| plan.is_gone(key)).map(|(_, object)| object).collect();
    let early = early(plan, &gone);
    let (early, late): (Vec<&Object>, Vec<&Object>) = gone
        .into_iter()
        .filter(|object| !goes_by_itself(plan, object))
        .partition(|object| early.contains(&object.key()));
    let defaults = plan.rebuild.defaults.iter().map(|column| render::set_default(column, None));
    let identities = plan.from.objects().filter(|(key, _)| loses_identity(plan, key));
    let identities = identities.map(|(key, _)| render::drop_identity(key));
    let early = order::last_first(plan.from, &early).into_iter().map(render::drop);
    let late = order::last_first(plan.from, &late).into_iter().map(render::drop);
    // The last columns of an old type may be those that go.
    let old_enums = plan.rebuild.enums.iter().map(work::drop_old_enum);
    (
        defaults.chain(identities).chain(early).chain(heritage::rebound(plan)).collect(),
        late.chain(old_enums).filter(|action| !action.sql.is_empty()).collect(),
    )
}

/// Whether a column that stays counts by another sequence from now on, or by none.
pub(super) fn loses_identity(plan: &Plan<'_>, key: &Key) -> bool {
    let sequence = |catalog: &Catalog| identity_of(catalog, key).map(Object::key);
    key.kind == Kind::Column
        && !plan.is_gone(key)
        && sequence(plan.from)
            .is_some_and(|old| plan.rebuild.objects.contains(&old) || sequence(plan.to).is_none_or(|new| new != old))
}

/// The sequence of an identity column.
pub(super) fn identity_of<'a>(catalog: &'a Catalog, column: &Key) -> Option<&'a Object> {
    let Properties::Column(it) = &catalog.object(column)?.is else { return None };
    it.identity.as_ref()?;
    catalog.objects().map(|(_, object)| object).find(|object| {
        let Properties::Sequence(it) = &object.is else { return false };
        it.owned_by.as_ref().is_some_and(|owner| owner.identity && owner.column == column.path)
    })
}

/// Of all that goes: what is made anew, what holds no rows, whose name is taken, and whatever goes and needs one of them.
fn early(plan: &Plan<'_>, gone: &[&Object]) -> BTreeSet<Key> {
    let names = Names::new_in(plan.from, plan.to);
    let starts = gone.iter().filter(|object| {
        let key = object.key();
        plan.rebuild.objects.contains(&key) || is_derived(plan, &key) || is_part(plan, object) || names.take(object)
    });
    let mut waiting: Vec<Key> = starts.map(|object| object.key()).collect();
    let dependents = dependents(plan.from);
    let mut early = BTreeSet::new();
    while let Some(key) = waiting.pop() {
        if !early.insert(key.clone()) {
            continue;
        }
        let needing = dependents.get(&key).into_iter().flatten().filter(|dependent| plan.is_gone(dependent));
        for dependent in needing {
            let table = dependent.table().filter(|table| plan.is_gone(table));
            waiting.extend([(*dependent).clone()].into_iter().chain(table));
        }
    }
    early
}

/// Whether it holds no rows, and nothing that stays needs it.
fn is_derived(plan: &Plan<'_>, key: &Key) -> bool {
    let is_derived = matches!(
        key.kind,
        Kind::View
            | Kind::Trigger
            | Kind::Rule
            | Kind::Policy
            | Kind::Index
            | Kind::Constraint
            | Kind::Statistics
            | Kind::Publication
    );
    is_derived && !plan.from.objects().any(|(other, object)| !plan.is_gone(other) && object.needs.contains(key))
}

/// Whether it is a part of a partitioned table that stays: others may take over its rows.
fn is_part(plan: &Plan<'_>, object: &Object) -> bool {
    let Properties::Table(it) = &object.is else { return false };
    it.bound.is_some() && it.parents.iter().any(|parent| !plan.is_gone(&Key::new(Kind::Table, parent)))
}

/// Whether an object is dropped with another: a part with its table, a column's sequence with the column, a partition's
/// index with that of the whole.
fn goes_by_itself(plan: &Plan<'_>, object: &Object) -> bool {
    let key = object.key();
    let goes_with_table = || key.table().is_some_and(|table| key.kind != Kind::Table && plan.is_gone(&table));
    let goes_with_view = || key.relation().is_some_and(|path| plan.is_gone(&Key::new(Kind::View, path)));
    match &object.is {
        Properties::Sequence(it) => it.owned_by.as_ref().is_some_and(|owner| {
            let column = Key::new(Kind::Column, &owner.column);
            owner.identity || plan.is_gone(&column) || column.table().is_some_and(|table| plan.is_gone(&table))
        }),
        Properties::Column(it) if it.inherited && !it.local => true,
        Properties::Constraint(it) if it.parent.is_some() || !it.local => true,
        Properties::Index(it) if it.parent.is_some() => true,
        // Two tables that refer to each other can be dropped in no order.
        Properties::Constraint(it) if it.kind == "f" => {
            let parent = it.references.as_ref().map(|reference| Key::new(Kind::Table, &reference.table));
            goes_with_table() && !parent.is_some_and(|parent| plan.is_gone(&parent))
        }
        Properties::DefaultPrivileges(_) => true,
        _ => goes_with_table() || goes_with_view(),
    }
}
