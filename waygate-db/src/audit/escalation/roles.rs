//! Becoming another role.

use super::Attempts;
use crate::audit::{Finding, Severity};
use crate::error::Result;
use crate::sql::identifier::{ident, literal};

/// Every role but the login itself, in the order of their names.
const OTHERS: &str = "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname <> session_user ORDER BY rolname";

/// Tries to become every role of the server, by statement, for the session, and from inside a query.
pub(super) async fn examine(login: &Attempts) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in login.connection.rows(OTHERS).await? {
        let Some(Some(role)) = row.into_iter().next() else { continue };
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
