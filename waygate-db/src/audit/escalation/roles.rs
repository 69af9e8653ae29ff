//! Becoming another role.

use super::Attempts;
use crate::audit::{Finding, Severity};
use crate::error::Result;
use crate::schema::Dialect;
use crate::sql::identifier::{ident, literal};

/// Every role but the login itself, in the order of their names.
const OTHERS: &str = "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname <> session_user ORDER BY rolname";

/// The roles that the tenants' login becomes for its statements.
pub(super) fn of_app(dialect: &Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => &[],
        Dialect::Supabase(_) => &["anon", "authenticated"],
    }
}

/// The role that the service's login becomes for its statements.
pub(super) fn of_service(dialect: &Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => &[],
        Dialect::Supabase(_) => &["service_role"],
    }
}

/// Tries to become every role of the server but the known ones: by statement, for the session, and inside a query.
pub(super) async fn examine(login: &Attempts, known: &[&str]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in login.connection.rows(OTHERS).await? {
        let Some(Some(role)) = row.into_iter().next() else { continue };
        if known.contains(&role.as_str()) {
            continue;
        }
        let (name, text) = (ident(&role), literal(&role));
        for (way, script) in [
            ("SET ROLE", format!("SET LOCAL ROLE {name}")),
            ("SET SESSION AUTHORIZATION", format!("SET LOCAL SESSION AUTHORIZATION {name}")),
            ("set_config('role', …)", format!("SELECT set_config('role', {text}, true)")),
            (
                "set_config('session_authorization', …)",
                format!("SELECT set_config('session_authorization', {text}, true)"),
            ),
        ] {
            if login.is_allowed(&script).await? {
                let what = format!("it can become {role}, by {way}: a role that can become another is no wall");
                let help = "revoke the membership, and let each login be a member of nothing";
                findings.push(login.finding(Severity::Failure, "escalation-role", what, help));
                break;
            }
        }
    }
    Ok(findings)
}
