//! Row security: which rows each role sees and writes.
//!
//! Row security binds the owner too (`FORCE`), and each table gets exactly three policies, each to one role and none to
//! everyone. The owner's is needed: without one a backfill changes no rows and reports success, and the check of a
//! foreign key accepts violating rows.

use super::super::identifier::{ident, public};
use super::layout::WIDTH;
use super::names;
use crate::schema::{Scope, Table};

/// The session's tenant: read once per query because of the SELECT, and an error where none is set.
const TENANT: &str = "(SELECT current_setting('waygate.tenant_id')::uuid)";

/// Row security and the policies of a table.
pub(super) fn row_security(table: &Table) -> Vec<String> {
    let enable = format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;", public(table.name));
    [enable].into_iter().chain(policies(table)).collect()
}

/// `CREATE POLICY`, once for each role.
fn policies(table: &Table) -> Vec<String> {
    let unlimited = |role: &str| clause(policy(table, role, ""), "USING (true) WITH CHECK (true);");
    let app = match own_rows(table) {
        Some(rule) => format!("{}\n    USING ({rule})\n    WITH CHECK ({rule});", policy(table, "app", "")),
        None => clause(policy(table, "app", " FOR SELECT"), "USING (true);"),
    };
    vec![app, unlimited("service"), unlimited("owner")]
}

/// `CREATE POLICY … TO waygate_<role>`, named `<table>_<role>`, for this command or all.
pub(super) fn policy(table: &Table, role: &str, command: &str) -> String {
    let name = names::derived(table.name, [], role);
    format!("CREATE POLICY {} ON {}{command} TO waygate_{role}", ident(&name), public(table.name))
}

/// A policy with its clause, on a line of its own where the line would be long.
pub(super) fn clause(policy: String, clause: &str) -> String {
    let space = if policy.len() + clause.len() < WIDTH { " " } else { "\n    " };
    policy + space + clause
}

/// The condition of a row that is the session's tenant's; shared data has none.
fn own_rows(table: &Table) -> Option<String> {
    match table.scope {
        Scope::Shared => None,
        Scope::Key => Some(format!("{} = {TENANT}", ident(table.key_column().name))),
        Scope::Column(column) => Some(format!("{} = {TENANT}", ident(table.column_at(column).name))),
        Scope::Through { column, .. } => through(table, column),
    }
}

/// The parent's own policy decides. The tenant is not compared here: a row whose optional owner is NULL is the parent's
/// owner's, not everyone's.
fn through(table: &Table, column: usize) -> Option<String> {
    let parent = (table.foreign_key(column)?.parent)();
    let (name, own) = (ident(table.name), ident(table.column_at(column).name));
    let (parents, key) = (ident(parent.name), ident(parent.key_column().name));
    // Both columns are qualified: a bare one would be the parent's, if the parent has a column of that name.
    Some(format!("EXISTS (SELECT FROM {} WHERE {parents}.{key} = {name}.{own})", public(parent.name)))
}
