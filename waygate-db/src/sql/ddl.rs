//! The schema as DDL: one text that makes an empty database hold the models.
//!
//! One file per kind of statement, each rendering its own from a table's metadata; this one sets their order. The
//! library's own objects are nearly plain SQL, in `ddl/library.sql`.

mod citus;
mod comments;
mod enums;
pub(crate) mod foreign_keys;
pub(crate) mod grants;
mod indexes;
pub(crate) mod keys;
mod layout;
mod library;
pub(crate) mod login;
pub(crate) mod names;
pub(crate) mod security;
pub(crate) mod tables;
mod target;
mod triggers;

use self::foreign_keys::Reference;
use super::placement::schema_check;
use crate::schema::{Dialect, Schema, Scope, Table};

pub(crate) use self::layout::wrapped;
pub(crate) use self::library::library_copy;
pub(crate) use self::names::derived;
pub(crate) use self::target::Target;

/// The complete DDL of a schema: the library's own objects, then the enums, then table after table.
///
/// It is what all migrations together make, and runs in one transaction as `waygate_owner` in an empty database of that
/// owner. The roles have to be there; it makes none. A table that does not fit on this kind of server is left out, with a
/// comment in its place; [`schema_check`] lists them.
///
/// ```
/// # use waygate_db::Schema;
/// let sql = waygate_db::schema_sql(&Schema::new(&[]), &waygate_db::Dialect::Postgres);
/// assert!(sql.contains("CREATE DOMAIN waygate.encrypted"));
/// ```
#[must_use]
pub fn schema_sql(schema: &Schema, dialect: &Dialect) -> String {
    let target = Target::public(dialect);
    let mut sections: Vec<String> = citus::prelude(target).into_iter().chain([library::objects(target)]).collect();
    sections.extend(enums::create(schema));
    sections.extend(tables_sql(schema, target));
    sections.join("\n\n") + "\n"
}

/// The tables with all that belongs to them, a section each; the library's own objects and the enums are there.
pub(crate) fn tables_sql(schema: &Schema, target: Target<'_>) -> Vec<String> {
    let misfits = schema_check(schema, target.dialect);
    let misfit = |table: &Table| misfits.iter().find(|misfit| misfit.table == table.name);
    // The rows of all spread tables stand beside those of the first.
    let first_spread = schema.tables().find(|table| matches!(table.scope, Scope::Column(_)) && misfit(table).is_none());
    let mut sections = Vec::new();
    let mut made: Vec<&'static str> = Vec::new();
    let mut late: Vec<String> = Vec::new();
    for table in schema.tables() {
        if let Some(misfit) = misfit(table) {
            sections.push(citus::left_out(misfit));
            continue;
        }
        made.push(table.name);
        // A parent that comes later, in a circle of tables, is referred to once it is there.
        let (known, waiting): (Vec<Reference>, Vec<Reference>) =
            foreign_keys::references(table).into_iter().partition(|key| made.contains(&key.parent.name));
        sections.push(section(table, &known, first_spread, target));
        late.extend(waiting.iter().map(|key| key.add_to(table, target)));
    }
    if !late.is_empty() {
        sections.push(format!("-- References that close a circle of tables.\n{}", late.join("\n")));
    }
    sections
}

/// One table with all that belongs to it, under a heading that says whose data it is.
fn section(table: &Table, references: &[Reference], first_spread: Option<&Table>, target: Target<'_>) -> String {
    // A cluster takes references, and the function that reads a table, once it keeps the table's rows.
    let (inline, added) = if target.is_cluster() { (&[][..], references) } else { (references, &[][..]) };
    let (mut login, mut function) = (login::access(table, target), login::function(table, target));
    if !target.is_cluster() {
        login.append(&mut function);
    }
    let shape = [tables::create(table, inline, target)].into_iter().chain(tables::storage(table, target));
    let groups = [
        shape.collect(),
        comments::of_table(table, target),
        indexes::create(table, target),
        triggers::create(table, target),
        security::row_security(table, target),
        grants::grants(table, target),
        login,
        citus::distribution(table, first_spread, target),
        added.iter().map(|key| key.add_to(table, target)).collect(),
        function,
    ];
    let statements: Vec<String> =
        groups.into_iter().filter(|group| !group.is_empty()).map(|group: Vec<String>| group.join("\n")).collect();
    format!("{}\n{}", heading(table), statements.join("\n\n"))
}

/// The comment above a table: whose data it is.
pub(crate) fn heading(table: &Table) -> String {
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
