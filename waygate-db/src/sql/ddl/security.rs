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

/// Which of a table's rows a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// The session's tenant's, to read and write.
    Own,
    /// All, to read.
    AllToRead,
    /// All, to read and write.
    All,
}

/// The policies of a table: the end of each one's name, its role and its rows.
pub(crate) fn rules(table: &Table, target: Target<'_>) -> Vec<(&'static str, &'static str, Rows)> {
    let is_shared = table.scope == Scope::Shared;
    let own = if is_shared { Rows::AllToRead } else { Rows::Own };
    let anon = target.anon().filter(|_| is_shared).map(|anon| ("anon", anon, Rows::AllToRead));
    let rules = [("app", target.app(), own), ("service", target.service(), Rows::All), ("owner", OWNER, Rows::All)];
    rules.into_iter().chain(anon).collect()
}

/// `CREATE POLICY`, once for each role.
fn policies(table: &Table, target: Target<'_>) -> Vec<String> {
    let statement = |(name, role, rows): (&str, &str, Rows)| match (rows, own_rows(table, target)) {
        (Rows::Own, Some(rule)) => {
            format!("{}\n    USING ({rule})\n    WITH CHECK ({rule});", policy(table, name, "", role, target))
        }
        (Rows::Own, None) | (Rows::AllToRead, _) => {
            clause(policy(table, name, " FOR SELECT", role, target), "USING (true);")
        }
        (Rows::All, _) => clause(policy(table, name, "", role, target), "USING (true) WITH CHECK (true);"),
    };
    rules(table, target).into_iter().map(statement).collect()
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
