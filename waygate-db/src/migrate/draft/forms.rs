//! A planned statement in the form for a table that is in use, and where in the file its parts go.

use super::step::{Part, Step};
use super::world::World;
use super::{columns, constraints, indexes, words};
use crate::catalog::{Action, Aspect, Kind, Verb};

/// Where in a file a statement goes, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Placed {
    /// Among the new names, in the first transaction.
    Names(Part),
    /// Among the new labels: a transaction that uses one has to begin after it is there.
    Label(Part),
    /// Where the plan has it.
    Here(Part),
    /// Where the plan has it, on its own; the transaction before it ends.
    Alone(Part),
    /// On its own, once values are filled in.
    Index(Part),
    /// In a step of its own, once the column is there.
    Filling(Step),
    /// Once values are filled in: conditions that new rows have to meet.
    Condition(Part),
    /// After those, in another transaction: a look at all rows that locks nobody out.
    Validate(Part),
    /// After that: what is cheap once all rows were looked at.
    Finish(Part),
    /// After that, on its own: what nothing uses any more.
    DropIndex(Part),
    /// At the end.
    Drop(Part),
}

/// The forms of the action at this place in the plan.
pub(super) fn forms(place: usize, action: &Action, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    match (&action.verb, key.kind) {
        (Verb::Create, Kind::Table) => vec![Placed::Here(new_table(action, world))],
        (Verb::Rename(name), _) if !world.frees(name) => vec![Placed::Names(plain(action))],
        (Verb::Alter(Aspect::AddLabel(_)), _) => vec![Placed::Label(plain(action))],
        (Verb::Alter(Aspect::RemoveLabels(labels)), _) => vec![columns::without_labels(action, labels, world)],
        (Verb::Alter(Aspect::Type), Kind::Column) => vec![columns::retype(place, action, world)],
        (Verb::Drop, kind) if is_removed_last(kind) && !world.reuses_name(key) => vec![Placed::Drop(plain(action))],
        (Verb::Create, Kind::Column) => columns::add(place, action, world),
        (Verb::Alter(Aspect::NotNull), Kind::Column) => columns::refuse_null(action, world),
        _ if !world.is_in_use(key) => vec![Placed::Here(plain(action))],
        (Verb::Create, Kind::Index) => indexes::create(action, world),
        (Verb::Drop, Kind::Index) => indexes::drop(action, world),
        (_, Kind::Index) if world.creates(key) => vec![Placed::Condition(plain(action))],
        (Verb::Create, Kind::Constraint) => constraints::add(action, world),
        (Verb::Drop, Kind::Constraint) => constraints::drop(action, world),
        (Verb::Alter(Aspect::Validate), Kind::Constraint) => vec![constraints::validate(key, world)],
        _ => vec![Placed::Here(plain(action))],
    }
}

/// A new table, under its heading.
fn new_table(action: &Action, world: &World<'_>) -> Part {
    match world.outline.headings.get(&action.key) {
        Some(heading) => plain(action).says(heading.clone()),
        None => plain(action),
    }
}

/// The statement as it was planned.
pub(super) fn plain(action: &Action) -> Part {
    Part::new(words::about(&action.key), action.sql.clone())
}

/// Kinds of object that others hang on: dropped once all those are gone, and with the strongest locks.
const fn is_removed_last(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table
            | Kind::Column
            | Kind::Sequence
            | Kind::Enum
            | Kind::Domain
            | Kind::Composite
            | Kind::Range
            | Kind::Function
            | Kind::Collation
            | Kind::Extension
            | Kind::Schema
    )
}
