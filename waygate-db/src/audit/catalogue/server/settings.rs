//! Settings that a role or a database gives each new session.

use postgres_types::Type;

use crate::audit::Finding;
use crate::audit::catalogue::{advice, failure};
use crate::error::Result;
use crate::schema::Dialect;
use crate::session::Maintenance;

/// The settings that sessions of these roles ($1) start with in this database, each with the role and the database that
/// it is given to. Their values are nobody's to read.
const SETTINGS: &str = "
    SELECT coalesce(quote_ident(role.rolname), ''), coalesce(quote_ident(base.datname), ''),
           lower(split_part(entry, '=', 1))
    FROM pg_db_role_setting given
    CROSS JOIN unnest(given.setconfig) entry
    LEFT JOIN pg_roles role ON role.oid = given.setrole
    LEFT JOIN pg_database base ON base.oid = given.setdatabase
    WHERE (given.setrole = 0 OR role.rolname = ANY ($1))
          AND (given.setdatabase = 0 OR base.datname = current_database())
    ORDER BY 1, 2, 3";

pub(super) async fn examine(session: &Maintenance, dialect: &Dialect) -> Result<Vec<Finding>> {
    let logins = super::roles::logins(dialect);
    let mut findings = Vec::new();
    for row in session.rows(SETTINGS, &[(&logins as _, Type::TEXT_ARRAY)]).await? {
        let (role, database, name): (String, String, String) = (row.read(0)?, row.read(1)?, row.read(2)?);
        let (holder, alter) = match (role.as_str(), database.as_str()) {
            ("", "") => ("all roles".to_owned(), "ROLE ALL".to_owned()),
            ("", database) => (format!("database {database}"), format!("DATABASE {database}")),
            (role, "") => (format!("role {role}"), format!("ROLE {role}")),
            (role, database) => {
                (format!("role {role} in database {database}"), format!("ROLE {role} IN DATABASE {database}"))
            }
        };
        findings.extend(judge(&name, format!("settings of {holder}"), format!("ALTER {alter} RESET {name}")));
    }
    Ok(findings)
}

/// What the default of a setting does; nothing where isolation does not rest on it.
fn judge(name: &str, object: String, help: String) -> Option<Finding> {
    let what = match name {
        "waygate.tenant_id" | "request.jwt.claims" => "a session that forgets its tenant has this one, and no error",
        "waygate.tenant_seal" => "a session that has no seal of its own has this one",
        "role" | "session_authorization" => "a session starts as another role than its login",
        "row_security" => "a session does not start with row security as its policies need it",
        "session_replication_role" => "a session checks no foreign key, so that a row may refer to another tenant's",
        "search_path" => {
            let what = "it sets search_path: raw SQL finds what stands there before what was meant".to_owned();
            return Some(advice("default-setting", object, what, help));
        }
        _ => return None,
    };
    Some(failure("default-setting", object, format!("it sets {name}: {what}"), help))
}
