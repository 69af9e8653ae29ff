//! Indexes: a unique one is an oracle unless it holds the tenant, and any is of use only where row security lets it be.

use super::{advice, failure, owner_column, rows_of};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::schema::{Scope, Table};
use crate::session::{Maintenance, Tuple};

/// One index.
pub(super) struct Fact {
    table: String,
    name: String,
    /// Whether it refuses a row because of another.
    is_unique: bool,
    is_primary: bool,
    /// Whether a foreign key may refer to it.
    is_key: bool,
    /// An empty name for an expression.
    columns: Vec<String>,
    /// Columns searched by an operator that is not leakproof.
    leaky: Vec<String>,
}

const INDEXES: &str = include_str!("indexes.sql");

pub(super) async fn read(session: &Maintenance, namespace: &str) -> Result<Vec<Fact>> {
    let rows = rows_of(session, INDEXES, namespace).await?;
    let fact = |row: &Tuple| {
        Ok(Fact {
            table: row.read(0)?,
            name: row.read(1)?,
            is_unique: row.read(2)?,
            is_primary: row.read(3)?,
            is_key: row.read(4)?,
            columns: row.read(5)?,
            leaky: row.read(6)?,
        })
    };
    rows.iter().map(fact).collect()
}

/// Judges the indexes of the models' tables that hold tenants' rows.
pub(super) fn judge(found: &[Fact], subject: Subject<'_>, is_there: impl Fn(&str) -> bool) -> Vec<Finding> {
    let tables = subject.models.tables().filter(|table| table.has_tenant() && is_there(table.name));
    tables.flat_map(|table| of_table(table, found, subject.namespace)).collect()
}

fn of_table(table: &Table, found: &[Fact], namespace: &str) -> Vec<Finding> {
    let own: Vec<&Fact> = found.iter().filter(|index| index.table == table.name).collect();
    let mut findings = keys(table, &own, namespace);
    let Some(owner) = owner_column(table) else { return findings };
    // Of the tenant's own row only the service writes what must be unique, and no other tenant's row has its id.
    let is_tenant_table = table.scope == Scope::Key;
    for index in own.iter().filter(|index| !index.is_row_key(table)) {
        let object = format!("index {} on {namespace}.{}", index.name, table.name);
        let columns = index.columns.join(", ");
        if index.is_unique && !is_tenant_table && !index.holds(owner) {
            let what = format!("({columns}) is unique across tenants: a refused insert tells what another tenant has");
            let help = format!("make it unique over ({owner}, {columns})");
            findings.push(failure("unique-across-tenants", object.clone(), what, help));
        } else if !is_tenant_table && index.columns.first().is_none_or(|first| first != owner) {
            let what = format!("({columns}) does not lead with {owner}: a search reads every tenant's entries");
            findings.push(advice("index-not-led-by-tenant", object.clone(), what, format!("put {owner} first")));
        }
        if !index.leaky.is_empty() {
            let leaky = index.leaky.join(", ");
            let what = format!("the operators on {leaky} are not leakproof: row security keeps them from the index");
            let help = "lead with a leakproof column, such as the tenant's, or search as the service";
            findings.push(advice("index-not-leakproof", object, what, help));
        }
    }
    findings
}

/// The primary key, and the key that composite foreign keys refer to.
fn keys(table: &Table, own: &[&Fact], namespace: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let key = table.key_column().name;
    let object = || format!("{namespace}.{}", table.name);
    if let Scope::Column(tenant) = table.scope {
        let tenant = table.column_at(tenant).name;
        if !own.iter().any(|index| index.is_key && index.columns == [tenant, key]) {
            let what =
                format!("there is no UNIQUE ({tenant}, {key}), which a child's foreign key needs to carry the tenant");
            let help = format!("ALTER TABLE {} ADD UNIQUE ({tenant}, {key})", object());
            findings.push(failure("tenant-key-missing", object(), what, help));
        }
    }
    if !own.iter().any(|index| index.is_row_key(table)) {
        let what = format!("there is no PRIMARY KEY ({key})");
        let help = format!("ALTER TABLE {} ADD PRIMARY KEY ({key})", object());
        findings.push(advice("primary-key-missing", object(), what, help));
    }
    findings
}

impl Fact {
    /// Whether this is the model's primary key, whose values are random and so tell nothing.
    fn is_row_key(&self, table: &Table) -> bool {
        self.is_primary && self.columns == [table.key_column().name]
    }

    fn holds(&self, column: &str) -> bool {
        self.columns.iter().any(|one| one == column)
    }
}
