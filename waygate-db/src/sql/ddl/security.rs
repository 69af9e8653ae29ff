//! Row security: which rows each role sees and writes.
//!
//! Row security binds the owner too (`FORCE`), and each table gets exactly three policies, each to one role and none to
//! everyone; reference data on Supabase has a fourth, for `anon`. The owner's is needed: without one a backfill changes
//! no rows and reports success, and the check of a foreign key accepts violating rows.

use super::super::identifier::ident;
use super::layout::WIDTH;
use super::{Target, names};
use crate::schema::roles::OWNER;
use crate::schema::{Scope, Table};

/// Row security and the policies of a table.
pub(super) fn row_security(table: &Table, target: Target<'_>) -> Vec<String> {
    let enable =
        format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;", target.name(table.name));
    [enable].into_iter().chain(policies(table, target)).collect()
}

/// `CREATE POLICY`, once for each role.
fn policies(table: &Table, target: Target<'_>) -> Vec<String> {
    let (app, service) = (target.app(), target.service());
    let unlimited =
        |name: &str, role: &str| clause(policy(table, name, "", role, target), "USING (true) WITH CHECK (true);");
    let app = match own_rows(table, target) {
        Some(rule) => {
            format!("{}\n    USING ({rule})\n    WITH CHECK ({rule});", policy(table, "app", "", app, target))
        }
        None => clause(policy(table, "app", " FOR SELECT", app, target), "USING (true);"),
    };
    let anon = target.anon().filter(|_| table.scope == Scope::Shared);
    let anon = anon.map(|anon| clause(policy(table, "anon", " FOR SELECT", anon, target), "USING (true);"));
    [app, unlimited("service", service), unlimited("owner", OWNER)].into_iter().chain(anon).collect()
}

/// `CREATE POLICY … TO <role>`, named `<table>_<name>`, for this command or all.
pub(super) fn policy(table: &Table, name: &str, command: &str, role: &str, target: Target<'_>) -> String {
    let name = names::derived(table.name, [], name);
    format!("CREATE POLICY {} ON {}{command} TO {role}", ident(&name), target.name(table.name))
}

/// A policy with its clause, on a line of its own where the line would be long.
pub(super) fn clause(policy: String, clause: &str) -> String {
    let space = if policy.len() + clause.len() < WIDTH { " " } else { "\n    " };
    policy + space + clause
}

/// The condition of a row that is the session's tenant's; shared data has none.
fn own_rows(table: &Table, target: Target<'_>) -> Option<String> {
    let is_tenant = |column: &str| Some(format!("{} = {}", ident(column), target.tenant()));
    match table.scope {
        Scope::Shared => None,
        Scope::Key => is_tenant(table.key_column().name),
        Scope::Column(column) => is_tenant(table.column_at(column).name),
        Scope::Through { column, .. } => through(table, column, target),
    }
}

/// The parent's own policy decides. The tenant is not compared here: a row whose optional owner is NULL is the parent's
/// owner's, not everyone's.
fn through(table: &Table, column: usize, target: Target<'_>) -> Option<String> {
    let parent = (table.foreign_key(column)?.parent)();
    let (name, own) = (ident(table.name), ident(table.column_at(column).name));
    let (parents, key) = (ident(parent.name), ident(parent.key_column().name));
    // Both columns are qualified: a bare one would be the parent's, if the parent has a column of that name.
    Some(format!("EXISTS (SELECT FROM {} WHERE {parents}.{key} = {name}.{own})", target.name(parent.name)))
}
