//! What is gone after a migration: rows, values, labels.

use serde::Serialize;

use super::narrowing::narrows;
use super::words::{named, place};
use super::{Outline, World};
use crate::catalog::{Action, Aspect, Catalog, Key, Kind, Verb};
use crate::sql::identifier::{ident, literal};

/// Something that is gone after a migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// What `--accept-data-loss` takes for it: `table`, `table.column` or `type.label`.
    pub name: String,
    /// What is lost, in words.
    pub what: String,
    /// How many rows or values that are in the development database, where it could be asked.
    pub count: Option<i64>,
    #[serde(skip)]
    pub(crate) key: Key,
    /// The query that counts.
    #[serde(skip)]
    pub(crate) counting: Option<String>,
}

/// What this plan loses.
pub(crate) fn losses(outline: &Outline<'_>) -> Vec<Loss> {
    let world = World::new(*outline);
    outline.actions.iter().flat_map(|action| losses_of(action, &world)).collect()
}

fn losses_of(action: &Action, world: &World<'_>) -> Vec<Loss> {
    let key = &action.key;
    let loss = |name: String, what: String, counting: Option<String>| Loss {
        name,
        what,
        count: None,
        key: key.clone(),
        counting,
    };
    match (&action.verb, key.kind) {
        (Verb::Drop, Kind::Table) => {
            let what = format!("drops table {} with its rows", place(key));
            vec![loss(place(key), what, Some(format!("SELECT count(*) FROM {}", named(&key.path))))]
        }
        (Verb::Drop, Kind::Column) if !is_computed(key, world) => {
            vec![loss(place(key), format!("drops column {} with its values", place(key)), Some(values(key)))]
        }
        (Verb::Drop, Kind::Sequence) if !belongs_to_dropped(key, world.outline.from, world) => {
            vec![loss(place(key), format!("drops sequence {} with its position", place(key)), None)]
        }
        (Verb::Alter(Aspect::RemoveLabels(labels)), _) => {
            labels.iter().map(|label| lost_label(action, label, world)).collect()
        }
        (Verb::Alter(Aspect::Type), Kind::Column) => match (world.old_column(key), world.column(key)) {
            (Some(old), Some(new)) if narrows(&old.ty, &new.ty) => {
                let what = format!("turns the values of {} from {} into {}", place(key), old.ty, new.ty);
                vec![loss(place(key), what, Some(values(key)))]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn lost_label(action: &Action, label: &str, world: &World<'_>) -> Loss {
    let counts: Vec<String> = world
        .columns_of(&action.key)
        .map(|(key, column)| {
            let (table, name) = super::asserts::split(key);
            let label = literal(label);
            let holds = if column.ty.ends_with("[]") {
                format!("{label} = ANY ({name}::text[])")
            } else {
                format!("{name}::text = {label}")
            };
            format!("(SELECT count(*) FROM {table} WHERE {holds})")
        })
        .collect();
    Loss {
        name: format!("{}.{}", place(&action.key), label),
        what: format!("removes label {} of {}", ident(label), place(&action.key)),
        count: None,
        key: action.key.clone(),
        counting: (!counts.is_empty()).then(|| format!("SELECT {}", counts.join(" + "))),
    }
}

/// The query that counts the values of a column.
fn values(column: &Key) -> String {
    let (table, name) = super::asserts::split(column);
    format!("SELECT count({name}) FROM {table}")
}

/// Whether the server computes the column's values from others, so that none of its own are lost.
fn is_computed(key: &Key, world: &World<'_>) -> bool {
    world.old_column(key).is_some_and(|column| column.generated.is_some())
}

/// Whether the sequence goes with a column or table whose loss is told anyway.
fn belongs_to_dropped(key: &Key, from: &Catalog, world: &World<'_>) -> bool {
    let Some(crate::catalog::Properties::Sequence(sequence)) = from.object(key).map(|object| &object.is) else {
        return false;
    };
    sequence.owned_by.as_ref().is_some_and(|owner| {
        let column = Key { kind: Kind::Column, path: owner.column.clone() };
        world.drops(&column) || column.table().is_some_and(|table| world.drops(&table))
    })
}
