//! Publications: a subscriber reads what is published, and row security is not asked.

use postgres_types::Type;

use super::{failure, owner_column};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;
use crate::sql::identifier::ident;

const PUBLISHED: &str = "
    SELECT pubname::text, tablename::text, coalesce(rowfilter, '') FROM pg_publication_tables
    WHERE schemaname = $1 ORDER BY 1, 2";

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(PUBLISHED, &[(&subject.namespace as _, Type::TEXT)]).await? {
        let (publication, table, filter): (String, String, String) = (row.read(0)?, row.read(1)?, row.read(2)?);
        let Some(owner) = subject.models.table(&table).and_then(owner_column) else { continue };
        if is_one_owners(&filter, owner) {
            continue;
        }
        let what = format!("it publishes {}.{table} of all tenants to whoever subscribes", subject.namespace);
        let help = format!("drop the table from it, or publish one tenant's rows: … {table} WHERE ({owner} = …)");
        findings.push(failure("publication", format!("publication {publication}"), what, help));
    }
    Ok(findings)
}

/// The library's tables hold data keys and reasons of all tenants; the ledger of migrations alone is no tenant's.
pub(super) async fn of_library(session: &Maintenance, home: &str) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in session.rows(PUBLISHED, &[(&home as _, Type::TEXT)]).await? {
        let (publication, table): (String, String) = (row.read(0)?, row.read(1)?);
        if table == "migrations" {
            continue;
        }
        let what = format!("it publishes {home}.{table}, which holds all tenants' rows, to whoever subscribes");
        let help = format!("drop the table from it: ALTER PUBLICATION {publication} DROP TABLE {home}.{table}");
        findings.push(failure("publication", format!("publication {publication}"), what, help));
    }
    Ok(findings)
}

/// Whether the filter, as the server prints it, gives the rows of one owner: `(tenant_id = '…'::uuid)`, or that and
/// more. Any other clause may name the column and give every row.
fn is_one_owners(filter: &str, column: &str) -> bool {
    let compares = format!("({} = '", ident(column));
    let after_value = |filter: &str| -> Option<String> {
        let (value, rest) = filter.strip_prefix(compares.as_str())?.split_once("'::uuid)")?;
        value.parse::<uuid::Uuid>().is_ok().then(|| rest.to_owned())
    };
    let alone = after_value(filter).is_some_and(|rest| rest.is_empty());
    let among_others = filter.strip_prefix('(').and_then(after_value).is_some_and(|rest| rest.starts_with(" AND "));
    alone || among_others
}
