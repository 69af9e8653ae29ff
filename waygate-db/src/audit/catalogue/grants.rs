//! Grants: exactly the rendered ones, whole and by column.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use super::{advice, failure, rows_of};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::schema::roles::{APP, LOGIN, SERVICE};
use crate::session::{Maintenance, Tuple};

/// One right of one role; nothing of the table's owner or of a superuser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) table: String,
    column: Option<String>,
    pub(super) role: String,
    privilege: String,
    is_grantable: bool,
}

const GRANTS: &str = include_str!("grants.sql");

pub(super) async fn read(session: &Maintenance, namespace: &str) -> Result<Vec<Fact>> {
    let rows = rows_of(session, GRANTS, namespace).await?;
    let fact = |row: &Tuple| {
        Ok(Fact {
            table: row.read(0)?,
            column: row.read(1)?,
            role: row.read(2)?,
            privilege: row.read(3)?,
            is_grantable: row.read(4)?,
        })
    };
    rows.iter().map(fact).collect()
}

/// Compares the rights on the judged tables.
pub(super) fn compare(
    expected: &[Fact],
    found: &[Fact],
    subject: Subject<'_>,
    is_judged: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    // The server's default privileges may have given the rendered tables more, to roles that the models do not know.
    let known = [subject.dialect.app_role(), subject.dialect.service_role(), APP, SERVICE, LOGIN];
    let ours: Vec<&str> = known.into_iter().chain(subject.dialect.anon_role()).collect();
    let expected: Vec<&Fact> = expected.iter().filter(|fact| ours.contains(&fact.role.as_str())).collect();
    let found: Vec<&Fact> = found.iter().filter(|fact| is_judged(&fact.table)).collect();
    let extra = found.iter().copied().filter(|fact| !expected.contains(fact));
    let is_missing = |fact: &&Fact| is_judged(&fact.table) && !found.iter().any(|one| one.covers(fact));

    let mut findings = Vec::new();
    for ((table, role), rights) in by_holder(extra) {
        let object = format!("grants of {role} on {}.{table}", subject.namespace);
        let what = format!("{role} has {rights}, which the models do not grant");
        // To revoke one right on the whole table revokes it on every column, too.
        let help = format!(
            "REVOKE ALL ON {}.{table} FROM {role}, and grant again what `schema sql` prints",
            subject.namespace
        );
        findings.push(failure("grant-extra", object, what, help));
    }
    for ((table, role), rights) in by_holder(expected.iter().copied().filter(is_missing)) {
        let object = format!("grants of {role} on {}.{table}", subject.namespace);
        let what = format!("{role} lacks {rights}, so some of the library's statements fail");
        let help = format!("GRANT {rights} ON {}.{table} TO {role}", subject.namespace);
        findings.push(advice("grant-missing", object, what, help));
    }
    findings
}

/// The rights by table and role, as SQL lists them.
fn by_holder<'a>(facts: impl Iterator<Item = &'a Fact>) -> BTreeMap<(&'a str, &'a str), String> {
    let mut lists = BTreeMap::<_, String>::new();
    for fact in facts {
        let list = lists.entry((fact.table.as_str(), fact.role.as_str())).or_default();
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(&fact.to_string());
    }
    lists
}

impl Fact {
    /// Whether whoever holds this right holds the other one, too.
    fn covers(&self, other: &Self) -> bool {
        let same = self.table == other.table && self.role == other.role && self.privilege == other.privilege;
        same && (self.column.is_none() || self.column == other.column)
    }
}

impl Display for Fact {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.privilege)?;
        if let Some(column) = &self.column {
            write!(f, " ({column})")?;
        }
        if self.is_grantable { f.write_str(" WITH GRANT OPTION") } else { Ok(()) }
    }
}
