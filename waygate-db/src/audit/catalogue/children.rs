//! Partitions and inheritance: a child's rows are read past its parent's policies, and a parent shows its children's.

use postgres_types::Type;

use super::{advice, failure};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;

/// Every relation above or below a model's table, with what the tenants' login may do with it itself.
const FAMILY: &str = include_str!("children.sql");

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>) -> Result<Vec<Finding>> {
    let known: Vec<&str> = subject.models.tables().map(|table| table.name).collect();
    let app = subject.dialect.app_role();
    let params = [(&subject.namespace as _, Type::TEXT), (&known as _, Type::TEXT_ARRAY), (&app as _, Type::TEXT)];
    let mut findings = Vec::new();
    for row in session.rows(FAMILY, &params).await? {
        let (table, relative): (String, String) = (row.read(0)?, row.read(1)?);
        let (is_child, is_bound, is_open): (bool, bool, bool) = (row.read(2)?, row.read(3)?, row.read(4)?);
        let table = format!("{}.{table}", subject.namespace);
        let (rule, place, way) = if is_child {
            ("child-table", "holds rows of", "past that table's policies")
        } else {
            ("parent-table", "shows the rows of", "under its own policies alone")
        };
        if is_open {
            let what = format!("it {place} {table}, and {app} may use it directly, {way}");
            findings.push(failure(
                rule,
                relative.clone(),
                what,
                format!("REVOKE ALL ON {relative} FROM PUBLIC, {app}"),
            ));
        } else if !is_bound {
            let what =
                format!("it {place} {table} without row security of its own; only the lack of a grant protects it");
            let help = format!("ALTER TABLE {relative} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
            findings.push(advice(rule, relative, what, help));
        }
    }
    Ok(findings)
}
