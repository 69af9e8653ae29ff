//! Who may do what with a table's rows: its policies and rights, from where the DDL has them.

use super::super::escape::{markdown_code, markdown_row};
use super::codes;
use crate::schema::roles::{LOGIN, OWNER};
use crate::schema::{Scope, Table};
use crate::sql::ddl::grants::{Rights, rights};
use crate::sql::ddl::security::{Rows, rules};
use crate::sql::ddl::{Target, login};

/// A row for each role; whoever has none may do nothing.
pub(super) fn section(table: &Table, target: Target<'_>) -> String {
    let head = ["| role | rows | insert | update | delete |".to_owned(), "|---|---|---|---|---|".to_owned()];
    let granted = rights(table, target);
    let roles = rules(table, target).into_iter().map(|(_, role, rows)| {
        let rows = in_words(rows, table);
        match granted.iter().find(|(granted, _)| *granted == role) {
            Some((_, Rights { insert, update, delete })) => {
                let delete = if *delete { "yes" } else { "no" };
                line(role, &rows, [&some_of(insert, table), &some_of(update, table), delete])
            }
            // The tables are its own.
            None if role == OWNER => line(role, &rows, ["every column", "every column", "yes"]),
            None => line(role, &rows, ["no"; 3]),
        }
    });
    let login = table.login.map(|login| {
        let read = format!("reads of every row {}", codes(login::reads(table, login)));
        line(LOGIN, &read, ["no"; 3])
    });
    let rows = head.into_iter().chain(roles).chain(login).collect::<Vec<_>>().join("\n");
    format!("**Who may do what**, under row security that binds the owner too\n\n{rows}")
}

fn line(role: &str, rows: &str, [insert, update, delete]: [&str; 3]) -> String {
    markdown_row([markdown_code(role).as_str(), rows, insert, update, delete])
}

/// The rows of a policy.
fn in_words(rows: Rows, table: &Table) -> String {
    let column = |index: usize| markdown_code(table.column_at(index).name);
    match (rows, table.scope) {
        (Rows::All, _) => "every row".to_owned(),
        (Rows::AllToRead, _) | (Rows::Own, Scope::Shared) => "reads every row".to_owned(),
        (Rows::Own, Scope::Key) => "its own, by the session's tenant".to_owned(),
        (Rows::Own, Scope::Column(tenant)) => format!("those of the session's tenant, by {}", column(tenant)),
        (Rows::Own, Scope::Through { column: parent, .. }) => {
            format!("those whose parent it sees, by {}", column(parent))
        }
    }
}

/// Which of a table's columns these are, in the shorter of two forms.
fn some_of(columns: &[&'static str], table: &Table) -> String {
    let others: Vec<&str> =
        table.columns.iter().map(|column| column.name).filter(|one| !columns.contains(one)).collect();
    match (columns.len(), others.len()) {
        (0, _) => "no".to_owned(),
        (_, 0) => "every column".to_owned(),
        (own, other) if other < own => format!("every column but {}", codes(others)),
        _ => codes(columns.iter().copied()),
    }
}
