//! Tables: are they there, whose are they, and does row security bind everybody.

use super::{failure, rows_of};
use crate::audit::Finding;
use crate::error::Result;
use crate::schema::roles::OWNER;
use crate::session::Maintenance;

/// One table.
pub(super) struct Fact {
    pub(super) name: String,
    is_foreign: bool,
    owner: String,
    is_enabled: bool,
    is_forced: bool,
}

const TABLES: &str = "
    SELECT object.relname::text, object.relkind = 'f', pg_get_userbyid(object.relowner)::text,
           object.relrowsecurity, object.relforcerowsecurity
    FROM pg_class object JOIN pg_namespace home ON home.oid = object.relnamespace
    WHERE home.nspname = $1 AND object.relkind IN ('r', 'p', 'f')
    ORDER BY object.relname COLLATE \"C\"";

pub(super) async fn read(session: &Maintenance, namespace: &str) -> Result<Vec<Fact>> {
    let rows = rows_of(session, TABLES, namespace).await?;
    let fact = |row: &crate::session::Tuple| {
        Ok(Fact {
            name: row.read(0)?,
            is_foreign: row.read(1)?,
            owner: row.read(2)?,
            is_enabled: row.read(3)?,
            is_forced: row.read(4)?,
        })
    };
    rows.iter().map(fact).collect()
}

pub(super) fn compare(expected: &[Fact], found: &[Fact], namespace: &str) -> Vec<Finding> {
    expected.iter().flat_map(|table| compare_one(table, found, namespace)).collect()
}

fn compare_one(expected: &Fact, found: &[Fact], namespace: &str) -> Vec<Finding> {
    let object = format!("{namespace}.{}", expected.name);
    let Some(table) = found.iter().find(|table| table.name == expected.name) else {
        let what = "the table is not there".to_owned();
        return vec![failure("table-missing", object, what, "run `migrate deploy`")];
    };
    let alter = |change: &str| format!("ALTER TABLE {object} {change}");
    let mut findings = Vec::new();
    if table.is_foreign {
        let what = "the table is a foreign one, which row security cannot bind".to_owned();
        findings.push(failure("table-foreign", object.clone(), what, "keep tenants' rows in a table of this database"));
        return findings;
    }
    if table.owner != OWNER {
        let what = format!("the table belongs to {}", table.owner);
        findings.push(failure("table-owner", object.clone(), what, alter(&format!("OWNER TO {OWNER}"))));
    }
    if !table.is_enabled {
        let what = "row security is off: every role with a grant sees every tenant's rows".to_owned();
        findings.push(failure("row-security-off", object.clone(), what, alter("ENABLE ROW LEVEL SECURITY")));
    }
    if !table.is_forced {
        let what = "row security does not bind the table's owner".to_owned();
        findings.push(failure("row-security-not-forced", object.clone(), what, alter("FORCE ROW LEVEL SECURITY")));
    }
    findings
}
