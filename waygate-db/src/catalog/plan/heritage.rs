//! What tables have of their parents: partitions their place, heirs their columns.

use super::super::{Action, Catalog, Column, Key, Kind, Object, Properties, render};
use super::{Plan, work};

/// The statements for the partitions that hold other rows than before: all leave before the first comes back, so that at no
/// time two hold the same.
pub(super) fn rebound(plan: &Plan<'_>) -> Vec<Action> {
    let moved: Vec<(&Key, &Object, &Object)> = plan
        .to
        .objects()
        .filter(|(key, _)| !plan.is_made(key))
        .filter_map(|(key, to)| Some((key, plan.from.object(key)?, to)))
        .filter(|(_, from, to)| {
            matches!((&from.is, &to.is), (Properties::Table(from), Properties::Table(to))
            if render::is_rebound(from, to))
        })
        .collect();
    let leave = moved.iter().filter_map(|(key, from, _)| match &from.is {
        Properties::Table(it) => Some(render::detach(key, it)),
        _ => None,
    });
    let come = moved.iter().filter_map(|(key, _, to)| match &to.is {
        Properties::Table(it) => Some(render::attach(key, it)),
        _ => None,
    });
    leave.chain(come).flatten().collect()
}

/// What a column is once all has been done to the parents that it comes from: most of what they are told, their heirs are
/// told too. `None` for a column of no parent's.
pub(super) fn given(plan: &Plan<'_>, key: &Key, object: &Object) -> Option<Column> {
    let Properties::Column(to) = &object.is else { return None };
    let before = plan.from.object(key).filter(|_| !plan.is_made(key)).and_then(column);
    if !to.inherited || before.is_some_and(|before| !before.inherited) {
        return None;
    }
    let Some(before) = before else {
        let parent = parents(plan.to, key).into_iter().find_map(|parent| column(plan.to.object(&parent)?))?;
        let own = (to.local, to.inherited);
        let bare = Column { identity: None, statistics: None, options: Vec::new(), ..parent.clone() };
        return (!to.local).then_some(Column { local: own.0, inherited: own.1, ..bare });
    };
    let mut given = before.clone();
    for parent in parents(plan.to, key) {
        let (Some(old), Some(new_object)) = (plan.from.object(&parent).and_then(column), plan.to.object(&parent))
        else {
            continue;
        };
        let Some(new) = column(new_object) else { continue };
        take_over(&mut given, old, new, work::has_remade_type(plan, new_object));
    }
    Some(given)
}

/// The columns that this one may come from, in its table's parents.
pub(super) fn parents(catalog: &Catalog, key: &Key) -> Vec<Key> {
    let table = key.table().and_then(|table| catalog.object(&table));
    let Some(Properties::Table(table)) = table.map(|table| &table.is) else { return Vec::new() };
    let keys =
        table.parents.iter().map(|path| Key::new(Kind::Column, path.iter().map(String::as_str).chain([key.name()])));
    keys.filter(|parent| catalog.contains(parent)).collect()
}

fn take_over(given: &mut Column, old: &Column, new: &Column, is_retyped: bool) {
    let is_retyped = is_retyped || (&old.ty, &old.collation) != (&new.ty, &new.collation);
    if is_retyped {
        (given.ty, given.collation) = (new.ty.clone(), new.collation.clone());
    }
    // Around a change of the type the default is taken away and given again.
    if old.default != new.default || (is_retyped && old.default.is_some()) {
        given.default.clone_from(&new.default);
    }
    if old.generated != new.generated {
        given.generated.clone_from(&new.generated);
    }
    if old.not_null != new.not_null {
        given.not_null = new.not_null;
    }
    if old.storage != new.storage {
        given.storage.clone_from(&new.storage);
    }
    if old.statistics != new.statistics {
        given.statistics = new.statistics;
    }
}

fn column(object: &Object) -> Option<&Column> {
    match &object.is {
        Properties::Column(it) => Some(it),
        _ => None,
    }
}
