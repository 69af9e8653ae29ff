//! Rules: their actions reach tables with the rights of the rule's table's owner, whom no tenant confines.

use super::{failure, rows_of};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;

const RULES: &str = "
    SELECT object.relname::text, rule.rulename::text
    FROM pg_rewrite rule JOIN pg_class object ON object.oid = rule.ev_class
    JOIN pg_namespace home ON home.oid = object.relnamespace
    WHERE home.nspname = $1 AND object.relkind IN ('r', 'p', 'f')
    ORDER BY 1, 2";

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in rows_of(session, RULES, subject.namespace).await? {
        let (table, rule): (String, String) = (row.read(0)?, row.read(1)?);
        let object = format!("rule {rule} on {}.{table}", subject.namespace);
        let what = "what a rule adds to a statement runs with the rights of the table's owner".to_owned();
        findings.push(failure("rule", object, what, format!("DROP RULE {rule} ON {}.{table}", subject.namespace)));
    }
    Ok(findings)
}
