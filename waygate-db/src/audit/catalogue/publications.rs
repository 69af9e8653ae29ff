//! Publications: a subscriber reads what is published, and row security is not asked.

use postgres_types::Type;

use super::{failure, owner_column};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;

const PUBLISHED: &str = "
    SELECT pubname::text, tablename::text, coalesce(rowfilter, '') FROM pg_publication_tables
    WHERE schemaname = $1 ORDER BY 1, 2";

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(PUBLISHED, &[(&subject.namespace as _, Type::TEXT)]).await? {
        let (publication, table, filter): (String, String, String) = (row.read(0)?, row.read(1)?, row.read(2)?);
        let Some(owner) = subject.models.table(&table).and_then(owner_column) else { continue };
        if is_named(&filter, owner) {
            continue;
        }
        let what = format!("it publishes {}.{table} of all tenants to whoever subscribes", subject.namespace);
        let help = format!("drop the table from it, or publish one tenant's rows: … {table} WHERE ({owner} = …)");
        findings.push(failure("publication", format!("publication {publication}"), what, help));
    }
    Ok(findings)
}

/// Whether the filter compares this column.
fn is_named(filter: &str, column: &str) -> bool {
    filter.split(|at: char| !at.is_alphanumeric() && at != '_').any(|word| word == column)
}
