//! Foreign keys: PostgreSQL checks and cascades them past row security, so each has to carry the tenant.

use super::{advice, failure, rows_of};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::schema::Table;
use crate::session::{Maintenance, Tuple};

/// One foreign key.
#[derive(Debug)]
pub(super) struct Fact {
    table: String,
    name: String,
    columns: Vec<String>,
    /// With its schema's name where that is another.
    parent: String,
    parent_columns: Vec<String>,
    definition: String,
    is_validated: bool,
    /// Whether the triggers that check it all fire.
    is_checked: bool,
}

const FOREIGN_KEYS: &str = include_str!("foreign_keys.sql");

pub(super) async fn read(session: &Maintenance, namespace: &str) -> Result<Vec<Fact>> {
    let rows = rows_of(session, FOREIGN_KEYS, namespace).await?;
    let fact = |row: &Tuple| {
        Ok(Fact {
            table: row.read(0)?,
            name: row.read(1)?,
            columns: row.read(2)?,
            parent: row.read(3)?,
            parent_columns: row.read(4)?,
            definition: row.read(5)?,
            is_validated: row.read(6)?,
            is_checked: row.read(7)?,
        })
    };
    rows.iter().map(fact).collect()
}

pub(super) fn compare(
    expected: &[Fact],
    found: &[Fact],
    subject: Subject<'_>,
    is_judged: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = expected
        .iter()
        .filter(|key| is_judged(&key.table))
        .flat_map(|key| differences(key, found, subject.namespace))
        .collect();
    let extra = found.iter().filter(|key| !expected.iter().any(|one| one.refers_alike(key)));
    findings.extend(extra.filter(|key| crosses(key, subject)).map(|key| plain(key, subject.namespace)));
    findings
}

fn differences(wanted: &Fact, found: &[Fact], namespace: &str) -> Vec<Finding> {
    let Some(key) = found.iter().find(|key| key.refers_alike(wanted)) else {
        let object = wanted.describe(namespace);
        let what = format!("there is no {}", wanted.definition);
        let help =
            format!("ALTER TABLE {namespace}.{} ADD CONSTRAINT {} {}", wanted.table, wanted.name, wanted.definition);
        return vec![failure("foreign-key-missing", object, what, help)];
    };
    let object = key.describe(namespace);
    let mut findings = Vec::new();
    if !key.is_validated {
        let what = "the foreign key was never validated: rows from before it may refer to another tenant's".to_owned();
        let help = format!("ALTER TABLE {namespace}.{} VALIDATE CONSTRAINT {}", key.table, key.name);
        findings.push(failure("foreign-key-not-valid", object.clone(), what, help));
    }
    if !key.is_checked {
        let what = "the triggers that check the foreign key are disabled".to_owned();
        let help = format!("ALTER TABLE {namespace}.{} ENABLE TRIGGER ALL, on both tables", key.table);
        findings.push(failure("foreign-key-disabled", object.clone(), what, help));
    }
    if key.is_validated && key.definition != wanted.definition {
        let what = format!("the foreign key is {}, not {}", key.definition, wanted.definition);
        findings.push(advice("foreign-key-action", object, what, "drop it and add it as `schema sql` prints it"));
    }
    findings
}

/// Whether the key could lead from one tenant's row to another's: it refers to rows that have a tenant, and does not
/// pair the two tables' tenant columns.
fn crosses(key: &Fact, subject: Subject<'_>) -> bool {
    let (Some(child), Some(parent)) = (subject.models.table(&key.table), subject.models.table(&key.parent)) else {
        return false;
    };
    parent.has_tenant() && !pairs_tenants(key, child, parent)
}

fn pairs_tenants(key: &Fact, child: &Table, parent: &Table) -> bool {
    let (Some(own), Some(parents)) = (child.tenant_index(), parent.tenant_index()) else { return false };
    let pair = (child.column_at(own).name, parent.column_at(parents).name);
    key.columns.iter().zip(&key.parent_columns).any(|(own, parents)| (own.as_str(), parents.as_str()) == pair)
}

fn plain(key: &Fact, namespace: &str) -> Finding {
    let what = format!(
        "{} does not carry the tenant: it accepts another tenant's row, tells whether one exists, and cascades to it",
        key.definition
    );
    let help = format!("ALTER TABLE {namespace}.{} DROP CONSTRAINT {}", key.table, key.name);
    failure("foreign-key-plain", key.describe(namespace), what, help)
}

impl Fact {
    fn refers_alike(&self, other: &Self) -> bool {
        self.table == other.table
            && self.columns == other.columns
            && self.parent == other.parent
            && self.parent_columns == other.parent_columns
    }

    fn describe(&self, namespace: &str) -> String {
        format!("foreign key {} on {namespace}.{}", self.name, self.table)
    }
}
