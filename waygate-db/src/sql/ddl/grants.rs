//! Grants: which columns each role may write.
//!
//! The tenant column is granted for writing to nobody: its default stamps it. `updated_at` is the trigger's.
//!
//! On a cluster rights are on whole tables (`citus` says why). There the policies hold an inserted row to the session's
//! tenant, Citus refuses a change of the column that rows are spread by, and the statement itself writes `updated_at`.

use super::Target;
use super::layout::{joined, wrapped};
use crate::schema::{Column, ColumnRole, Scope, Table};

/// All privileges of a table, from none on.
pub(super) fn grants(table: &Table, target: Target<'_>) -> Vec<String> {
    let on = target.name(table.name);
    let others = joined(["PUBLIC", target.app(), target.service()].into_iter().chain(target.anon()));
    let mut statements = vec![format!("REVOKE ALL ON {on} FROM {others};")];
    statements.extend(rights(table, target).iter().map(|(role, rights)| grant(table, rights, role, target)));
    if let (Some(anon), Scope::Shared) = (target.anon(), table.scope) {
        statements.push(format!("GRANT SELECT ON {on} TO {anon};"));
    }
    statements
}

/// What a role may do; it may always read. An empty list of columns is no right.
pub(crate) struct Rights {
    /// The columns that it may write in a new row.
    pub(crate) insert: Vec<&'static str>,
    /// The columns that it may change.
    pub(crate) update: Vec<&'static str>,
    /// Whether it may delete rows.
    pub(crate) delete: bool,
}

/// What the tenants' role and the service's may do. Where rights are on whole tables, a right on some columns is one on
/// all; but where some of the caller's columns may not be changed, as those of the tenant's own row that are unique over
/// all tenants, none may.
pub(crate) fn rights(table: &Table, target: Target<'_>) -> [(&'static str, Rights); 2] {
    let granted = [(target.app(), app(table)), (target.service(), service(table))];
    if target.has_column_rights() {
        return granted;
    }
    let (all, changeable) = (named(table, |_, _| true), changeable(table, |_| true));
    let whole = |granted: bool| if granted { all.clone() } else { Vec::new() };
    granted.map(|(role, Rights { insert, update, delete })| {
        let (insert, update) = (!insert.is_empty(), !update.is_empty() && update == changeable);
        (role, Rights { insert: whole(insert), update: whole(update), delete })
    })
}

/// The application writes its tenant's rows, but never a time. Of the tenant's own row it changes only what no other
/// tenant's row can collide with: uniqueness across tenants would tell it what others have.
fn app(table: &Table) -> Rights {
    let none = Rights { insert: Vec::new(), update: Vec::new(), delete: false };
    match table.scope {
        Scope::Shared => none,
        Scope::Key => Rights { update: changeable(table, |index| !table.is_global(index)), ..none },
        Scope::Column(_) | Scope::Through { .. } => Rights {
            insert: named(table, |_, column| column.role == ColumnRole::Key || is_the_callers(column)),
            update: changeable(table, |_| true),
            delete: !table.append_only,
        },
    }
}

/// The service writes for any tenant, and the times of what it imports, but no log's past.
fn service(table: &Table) -> Rights {
    Rights {
        insert: named(table, |_, column| !matches!(column.role, ColumnRole::Tenant | ColumnRole::Plaintext)),
        update: changeable(table, |_| true),
        delete: true,
    }
}

/// The caller's own columns of rows that may change, those of them that are `allowed`; a plain column whose values are
/// moved is emptied by an update.
fn changeable(table: &Table, allowed: impl Fn(usize) -> bool) -> Vec<&'static str> {
    let is_own = |column: &Column| is_the_callers(column) || column.role == ColumnRole::Plaintext;
    named(table, |index, column| !table.append_only && is_own(column) && allowed(index))
}

/// Whether the column holds the caller's own data, or what stands for it in an index.
fn is_the_callers(column: &Column) -> bool {
    matches!(column.role, ColumnRole::Data | ColumnRole::BlindIndex(_))
}

fn named(table: &Table, holds: impl Fn(usize, &Column) -> bool) -> Vec<&'static str> {
    table
        .columns
        .iter()
        .enumerate()
        .filter(|(index, column)| holds(*index, column))
        .map(|(_, column)| column.name)
        .collect()
}

/// `GRANT`, one right a line where columns are listed.
fn grant(table: &Table, rights: &Rights, role: &str, target: Target<'_>) -> String {
    let on = target.name(table.name);
    if !target.has_column_rights() {
        return format!("GRANT {} ON {on} TO {role};", joined(whole_table(rights)));
    }
    let whole = if rights.delete { "SELECT, DELETE" } else { "SELECT" };
    let by_column = [("INSERT", &rights.insert), ("UPDATE", &rights.update)]
        .into_iter()
        .filter(|(_, columns)| !columns.is_empty())
        .map(|(word, columns)| wrapped(word, columns.iter().copied(), 4));
    let listed: Vec<String> = [whole.to_owned()].into_iter().chain(by_column).collect();
    let end = if listed.len() == 1 { " " } else { "\n    " };
    format!("GRANT {}{end}ON {on} TO {role};", listed.join(",\n    "))
}

/// The rights on the whole table.
fn whole_table(rights: &Rights) -> Vec<&'static str> {
    let (insert, update) = (!rights.insert.is_empty(), !rights.update.is_empty());
    let granted = [("SELECT", true), ("INSERT", insert), ("UPDATE", update), ("DELETE", rights.delete)];
    granted.into_iter().filter(|(_, granted)| *granted).map(|(word, _)| word).collect()
}
