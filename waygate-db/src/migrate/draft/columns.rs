//! Columns of tables that are in use: new ones, ones that refuse NULL from now on, and new types.

use super::asserts::{self, split};
use super::forms::{Placed, plain};
use super::narrowing::fit;
use super::step::{Mode, Part, Step};
use super::words::{about, named};
use super::world::World;
use crate::catalog::{Action, Column, Key};
use crate::sql::ddl::derived;
use crate::sql::identifier::ident;

/// A new column. Where the rows that are there need values of their own, it comes empty and is filled in batches: one
/// statement would write the whole table anew while nobody else can use it.
pub(super) fn add(place: usize, action: &Action, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    let Some(column) = world.column(key) else { return vec![Placed::Here(plain(action))] };
    if world.is_on_new_table(key) {
        return vec![Placed::Here(plain(action))];
    }
    let own_values = column.generated.is_some() || column.identity.is_some();
    let filling = world.filling(key).or(column.default.as_deref().filter(|_| world.rewrites(place) && !own_values));
    match filling {
        Some(filling) if world.is_in_use(key) || world.filling(key).is_some() => filled(key, column, filling, world),
        _ if world.rewrites(place) => vec![Placed::Here(plain(action).says(rewriting(key)))],
        _ if column.not_null && column.default_of_rows().is_none() && !own_values => {
            vec![Placed::Here(plain(action).asserts(asserts::empty(key)))]
        }
        _ => vec![Placed::Here(plain(action))],
    }
}

fn filled(key: &Key, column: &Column, filling: &str, world: &World<'_>) -> Vec<Placed> {
    let (table, name) = split(key);
    let collation = column.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    let added = format!("ALTER TABLE {table} ADD COLUMN {name} {}{collation}", column.ty);
    let mut parts = vec![Placed::Here(Part::new(about(key), added))];
    if let Some(default) = &column.default {
        let set = format!("ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default}");
        parts.push(Placed::Here(Part::new(about(key), set)));
    }
    parts.push(fill(key, filling, world));
    if column.not_null {
        parts.extend(not_null(key));
    }
    parts
}

/// A column that is there and refuses NULL from now on.
pub(super) fn refuse_null(action: &Action, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    if world.is_on_new_table(key) {
        return vec![Placed::Here(plain(action))];
    }
    let filling = world.filling(key).map(|filling| fill(key, filling, world));
    let refusal = if world.is_in_use(key) {
        not_null(key).to_vec()
    } else {
        vec![Placed::Condition(plain(action).asserts(asserts::no_nulls(key)))]
    };
    filling.into_iter().chain(refusal).collect()
}

/// A step that fills the column where it is NULL.
fn fill(key: &Key, filling: &str, world: &World<'_>) -> Placed {
    let (table, name) = split(key);
    let update = |range: &str| {
        Part::new(about(key), format!("UPDATE {table} SET {name} = {filling} WHERE {name} IS NULL{range}"))
    };
    Placed::Filling(match world.key_column(key.relation().unwrap_or_default()) {
        Some(ordered) => {
            let part = update(" AND {batch}");
            Step::alone(Mode::Backfill { table, key: ident(ordered).to_string() }, part)
        }
        // Without one column that orders the rows there are no batches.
        None => Step::alone(Mode::Tx, update("")),
    })
}

/// The column refuses NULL, by way of a check: the server takes a valid one for proof, and looks at no row again.
fn not_null(key: &Key) -> [Placed; 4] {
    let (table, name) = split(key);
    let table_name = key.path.get(1).map_or("", String::as_str);
    let check = derived(table_name, [key.name()], "not_null");
    let check = ident(&check);
    let part = |sql: String| Part::new(about(key), sql);
    [
        Placed::Condition(
            part(format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID"))
                .asserts(asserts::no_nulls(key)),
        ),
        Placed::Validate(part(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check}"))),
        Placed::Finish(part(format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL"))),
        Placed::Finish(part(format!("ALTER TABLE {table} DROP CONSTRAINT {check}"))),
    ]
}

/// A column of another type.
pub(super) fn retype(place: usize, action: &Action, world: &World<'_>) -> Placed {
    let key = &action.key;
    let mut part = plain(action);
    if let (Some(old), Some(new)) = (world.old_column(key), world.column(key))
        && let Some(condition) = fit(&ident(key.name()).to_string(), &old.ty, &new.ty)
    {
        part = part.asserts(asserts::fits(key, &new.ty, &condition));
    }
    Placed::Here(if world.rewrites(place) { part.says(rewriting(key)) } else { part })
}

/// An enum that loses labels: no row may hold one.
pub(super) fn without_labels(action: &Action, labels: &[String], world: &World<'_>) -> Placed {
    let asserts = world.columns_of(&action.key).map(|(key, column)| asserts::labels_unused(key, column, labels));
    Placed::Here(asserts.fold(plain(action), Part::asserts))
}

/// What a statement that writes a table anew says of itself.
fn rewriting(key: &Key) -> String {
    let table = named(key.relation().unwrap_or_default());
    format!("This writes {table} anew, and nobody else can use the table meanwhile.")
}
