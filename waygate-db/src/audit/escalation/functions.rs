//! Functions that run with other rights than their caller's.

use super::Attempts;
use crate::audit::{Finding, Severity};
use crate::error::Result;

/// Every such function that the login may execute. The system's own are the server's business.
const DEFINERS: &str = "
    SELECT format('%I.%I(%s)', namespace.nspname, function.proname, oidvectortypes(function.proargtypes)),
           pg_get_userbyid(function.proowner)
    FROM pg_catalog.pg_proc function
    JOIN pg_catalog.pg_namespace namespace ON namespace.oid = function.pronamespace
    WHERE function.prosecdef
      AND namespace.nspname NOT IN ('pg_catalog', 'information_schema')
      AND has_schema_privilege(namespace.oid, 'USAGE')
      AND has_function_privilege(function.oid, 'EXECUTE')
    ORDER BY 1";

/// The library's own: one finds a tenant by its key, the other checks a seal.
const KNOWN: [&str; 2] = ["waygate.tenant_for_key(text)", "waygate.sealed_tenant()"];

/// Lists them.
pub(super) async fn examine(login: &Attempts) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for row in login.connection.rows(DEFINERS).await? {
        let mut cells = row.into_iter().flatten();
        let (Some(function), Some(owner)) = (cells.next(), cells.next()) else { continue };
        if !KNOWN.contains(&function.as_str()) {
            let what = format!("it may execute {function}, which runs with the rights of {owner}");
            let help = "make the function SECURITY INVOKER, or revoke EXECUTE from PUBLIC and this role";
            findings.push(login.finding(Severity::Failure, "escalation-definer", what, help));
        }
    }
    Ok(findings)
}
