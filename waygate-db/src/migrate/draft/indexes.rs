//! Indexes of tables that are in use: built and removed while others read and write.

use super::asserts;
use super::forms::{Placed, plain};
use super::step::{Assert, Part};
use super::words::about;
use super::world::World;
use crate::catalog::{Action, Index, Key};
use crate::sql::ddl::derived;
use crate::sql::identifier::ident;

/// A new index. One that takes an old one's place is built while the old one, under another name, still serves.
pub(super) fn create(action: &Action, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    let (Some(index), Some(sql)) = (world.index(key), concurrently(&action.sql)) else {
        return vec![Placed::Here(plain(action))];
    };
    let mut part = Part::new(about(key), sql);
    if index.unique {
        part = part.asserts(unique(key, index));
    }
    let mut placed = vec![if world.is_needed(key) { Placed::Alone(part) } else { Placed::Index(part) }];
    if world.drops(key) && !world.changes_below(key) {
        let (schema, old) = (schema(key), set_aside(key));
        let renamed = format!("ALTER INDEX {schema}.{} RENAME TO {old}", ident(key.name()));
        placed.insert(0, Placed::Here(Part::new(about(key), renamed)));
        let dropped = format!("DROP INDEX CONCURRENTLY {schema}.{old}");
        placed.push(Placed::DropIndex(Part::new(about(key), dropped)));
    }
    placed
}

/// An index that goes. One that is made anew goes with its successor, unless values below it change before.
pub(super) fn drop(action: &Action, world: &World<'_>) -> Vec<Placed> {
    let key = &action.key;
    if world.changes_below(key) {
        return vec![Placed::Here(plain(action))];
    }
    if world.creates(key) {
        return Vec::new();
    }
    let sql = format!("DROP INDEX CONCURRENTLY {}.{}", schema(key), ident(key.name()));
    vec![Placed::DropIndex(Part::new(about(key), sql))]
}

/// `CREATE INDEX` so that others can write meanwhile.
pub(super) fn concurrently(sql: &str) -> Option<String> {
    let unique = if sql.starts_with("CREATE UNIQUE INDEX ") { "UNIQUE " } else { "" };
    let rest = sql.strip_prefix(&format!("CREATE {unique}INDEX "))?;
    Some(format!("CREATE {unique}INDEX CONCURRENTLY {rest}"))
}

fn unique(key: &Key, index: &Index) -> Assert {
    let expressions: Vec<String> = index.keys.iter().map(|key| key.expression.clone()).collect();
    let table = key.relation().unwrap_or_default();
    asserts::no_duplicates(table, &expressions, index.predicate.as_deref(), index.nulls_not_distinct)
}

/// The name of an old index until it goes.
fn set_aside(key: &Key) -> String {
    ident(&derived(key.name(), [], "old")).to_string()
}

fn schema(key: &Key) -> String {
    ident(key.schema().unwrap_or_default()).to_string()
}
