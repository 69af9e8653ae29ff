//! What is gone after a migration: rows, values, labels.

use serde::Serialize;

use super::asserts::split;
use super::narrowing::narrows;
use super::rename::before;
use super::words::{named, place};
use super::{Outline, World};
use crate::catalog::{Action, Aspect, Key, Kind, Properties, Verb};
use crate::sql::identifier::literal;

/// Something that is gone after a migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// What `--accept-data-loss` takes for it: `table`, `table.column` or `type.label`.
    pub name: String,
    /// What is lost, in words.
    pub what: String,
    /// How many rows or values that are in the development database, where it could be asked.
    pub rows: Option<i64>,
    /// The flag that consents.
    pub accept: String,
    #[serde(skip)]
    counted: Counted,
}

/// What there is to count.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Counted {
    /// The rows of a table.
    Rows(Key),
    /// The values of a column.
    Values(Key),
    /// A label, in columns of which some hold arrays.
    Label(String, Vec<(Key, bool)>),
    /// Nothing that can be counted.
    Nothing,
}

impl Loss {
    fn new(name: String, what: String, counted: Counted) -> Self {
        let accept = format!("--accept-data-loss={name}");
        Self { name, what, rows: None, accept, counted }
    }

    /// The query that counts, in a database in which these renames were not done.
    pub(crate) fn counting(&self, renames: &[Action]) -> Option<String> {
        match &self.counted {
            Counted::Rows(table) => Some(format!("SELECT count(*) FROM {}", named(&before(table, renames).path))),
            Counted::Values(column) => {
                let (table, name) = split(&before(column, renames));
                Some(format!("SELECT count({name}) FROM {table}"))
            }
            Counted::Label(label, columns) if !columns.is_empty() => {
                let label = literal(label);
                let counts = columns.iter().map(|(column, is_array)| {
                    let (table, name) = split(&before(column, renames));
                    let holds = if *is_array {
                        format!("{label} = ANY ({name}::text[])")
                    } else {
                        format!("{name}::text = {label}")
                    };
                    format!("(SELECT count(*) FROM {table} WHERE {holds})")
                });
                Some(format!("SELECT {}", counts.collect::<Vec<_>>().join(" + ")))
            }
            Counted::Label(..) | Counted::Nothing => None,
        }
    }
}

/// What this plan loses.
pub(crate) fn losses(outline: &Outline<'_>) -> Vec<Loss> {
    let world = World::new(*outline);
    let mut losses: Vec<Loss> = Vec::new();
    for loss in outline.actions.iter().flat_map(|action| losses_of(action, &world)) {
        // An enum is made anew by more than one statement.
        if !losses.contains(&loss) {
            losses.push(loss);
        }
    }
    losses
}

fn losses_of(action: &Action, world: &World<'_>) -> Vec<Loss> {
    let key = &action.key;
    let name = place(key);
    match (&action.verb, key.kind) {
        (Verb::Drop, Kind::Table) => {
            vec![Loss::new(name.clone(), format!("drops table {name} with its rows"), Counted::Rows(key.clone()))]
        }
        (Verb::Drop, Kind::Column) if !is_computed(key, world) => {
            vec![Loss::new(name.clone(), format!("drops column {name} with its values"), Counted::Values(key.clone()))]
        }
        (Verb::Drop, Kind::Sequence) if !goes_with_column(key, world) => {
            vec![Loss::new(name.clone(), format!("drops sequence {name} with its position"), Counted::Nothing)]
        }
        (Verb::Alter(Aspect::RemoveLabels(labels)), _) => {
            let columns: Vec<_> =
                world.columns_of(key).map(|(column, ty)| (column.clone(), ty.ty.ends_with("[]"))).collect();
            let lost = |label: &String| {
                let counted = Counted::Label(label.clone(), columns.clone());
                Loss::new(format!("{name}.{label}"), format!("removes label {label} of {name}"), counted)
            };
            labels.iter().map(lost).collect()
        }
        (Verb::Alter(Aspect::Type), Kind::Column) => match (world.old_column(key), world.column(key)) {
            (Some(old), Some(new)) if narrows(&old.ty, &new.ty) => {
                let what = format!("turns the values of {name} from {} into {}", old.ty, new.ty);
                vec![Loss::new(name, what, Counted::Values(key.clone()))]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Whether the server computes the column's values from others, so that none of its own are lost.
fn is_computed(key: &Key, world: &World<'_>) -> bool {
    world.old_column(key).is_some_and(|column| column.generated.is_some())
}

/// Whether the sequence goes with a column or table whose loss is told anyway.
fn goes_with_column(key: &Key, world: &World<'_>) -> bool {
    let Some(Properties::Sequence(sequence)) = world.outline.from.object(key).map(|object| &object.is) else {
        return false;
    };
    sequence.owned_by.as_ref().is_some_and(|owner| {
        let column = Key { kind: Kind::Column, path: owner.column.clone() };
        world.drops(&column) || column.table().is_some_and(|table| world.drops(&table))
    })
}
