//! The schema as DDL: one text that makes an empty database hold the models.
//!
//! One file per kind of statement, each rendering its own from a table's metadata; this one sets their order. The
//! library's own objects are nearly plain SQL, in `ddl/library.sql`.

mod enums;
pub(super) mod foreign_keys;
mod grants;
mod indexes;
mod keys;
mod layout;
mod library;
mod login;
mod names;
mod security;
pub(super) mod tables;
mod target;
mod triggers;

use self::foreign_keys::Reference;
use crate::schema::{Dialect, Schema, Scope, Table};

pub(crate) use self::target::Target;

/// The complete DDL of a schema: the library's own objects, then the enums, then table after table.
///
/// It is what all migrations together make, and runs in one transaction as `waygate_owner` in an empty database of that
/// owner. The roles have to be there; it makes none.
///
/// ```
/// # use waygate_db::Schema;
/// let sql = waygate_db::schema_sql(&Schema::new(&[]), &waygate_db::Dialect::Postgres);
/// assert!(sql.contains("CREATE DOMAIN waygate.encrypted"));
/// ```
#[must_use]
pub fn schema_sql(schema: &Schema, dialect: &Dialect) -> String {
    let target = Target::public(dialect);
    let mut sections = vec![library::objects(target)];
    sections.extend(enums::create(schema));
    sections.extend(tables_sql(schema, target));
    sections.join("\n\n") + "\n"
}

/// The tables with all that belongs to them, a section each; the library's own objects and the enums are there.
pub(crate) fn tables_sql(schema: &Schema, target: Target<'_>) -> Vec<String> {
    let mut sections = Vec::new();
    let mut made: Vec<&'static str> = Vec::new();
    let mut late: Vec<String> = Vec::new();
    for table in schema.tables() {
        made.push(table.name);
        // A parent that comes later, in a circle of tables, is referred to once it is there.
        let (inline, waiting): (Vec<Reference>, Vec<Reference>) =
            foreign_keys::references(table).into_iter().partition(|key| made.contains(&key.parent.name));
        sections.push(section(table, &inline, target));
        late.extend(waiting.iter().map(|key| key.add_to(table, target)));
    }
    if !late.is_empty() {
        sections.push(format!("-- References that close a circle of tables.\n{}", late.join("\n")));
    }
    sections
}

/// One table with all that belongs to it, under a heading that says whose data it is.
fn section(table: &Table, references: &[Reference], target: Target<'_>) -> String {
    let shape = [tables::create(table, references, target)].into_iter().chain(tables::storage(table, target));
    let groups = [
        shape.collect(),
        indexes::create(table, target),
        triggers::create(table, target),
        security::row_security(table, target),
        grants::grants(table, target),
        login::statements(table, target),
    ];
    let statements: Vec<String> =
        groups.into_iter().filter(|group| !group.is_empty()).map(|group: Vec<String>| group.join("\n")).collect();
    format!("{}\n{}", heading(table), statements.join("\n\n"))
}

/// The comment above a table: whose data it is.
fn heading(table: &Table) -> String {
    let Table { name, model, .. } = *table;
    let column = |index: usize| table.column_at(index).name;
    let scope = match table.scope {
        Scope::Shared => "reference data, read by every tenant and written by the service alone.".to_owned(),
        Scope::Key => format!("each row is its own tenant, by {}.", table.key_column().name),
        Scope::Column(tenant) => format!("each row belongs to the tenant in {}.", column(tenant)),
        Scope::Through { column: parent, .. } => {
            format!("each row belongs to the tenant of its parent, through {}.", column(parent))
        }
    };
    let owner = match table.scope {
        Scope::Through { owner: Some(owner), .. } => {
            format!("\n-- {} may be left NULL; where it is set, it is that tenant.", column(owner))
        }
        _ => String::new(),
    };
    let append_only =
        if table.append_only { "\n-- Append-only: rows are inserted and read, never changed." } else { "" };
    format!("-- {name} ({model}): {scope}{owner}{append_only}")
}
