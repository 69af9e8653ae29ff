//! Tables in schemas that are neither the models' nor the library's, where no model says whose rows they hold.

use postgres_types::Type;

use crate::audit::Finding;
use crate::audit::catalogue::{advice, failure};
use crate::error::Result;
use crate::schema::{Dialect, roles};
use crate::session::Maintenance;

/// The tables of all other schemas that one of these roles ($1) may use and that row security does not bind, no
/// extension's among them.
const TABLES: &str = "
    SELECT format('%I.%I', home.nspname, object.relname), role.rolname::text
    FROM pg_class object
    JOIN pg_namespace home ON home.oid = object.relnamespace
    JOIN pg_roles role ON role.rolname = ANY ($1)
    WHERE object.relkind IN ('r', 'p', 'f') AND NOT object.relrowsecurity
          AND home.nspname NOT IN ('public', 'waygate', 'information_schema')
          AND home.nspname !~ '^(pg_|waygate_audit_)'
          AND has_schema_privilege(role.oid, home.oid, 'USAGE')
          AND (has_table_privilege(role.oid, object.oid, 'SELECT, INSERT, UPDATE, DELETE')
               OR has_any_column_privilege(role.oid, object.oid, 'SELECT, INSERT, UPDATE'))
          AND NOT EXISTS (
              SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = object.oid AND deptype = 'e')
    ORDER BY 1, 2";

/// The other schemas in which one of these roles ($1) may create.
const SCHEMAS: &str = "
    SELECT home.nspname::text, string_agg(role.rolname, ', ' ORDER BY role.rolname)
    FROM pg_namespace home JOIN pg_roles role ON role.rolname = ANY ($1)
    WHERE home.nspname NOT IN ('public', 'waygate', 'information_schema')
          AND home.nspname !~ '^(pg_|waygate_audit_)' AND has_schema_privilege(role.oid, home.oid, 'CREATE')
    GROUP BY home.nspname ORDER BY 1";

pub(super) async fn examine(session: &Maintenance, dialect: &Dialect) -> Result<Vec<Finding>> {
    let tenants: Vec<&str> = [dialect.app_role(), roles::LOGIN].into_iter().chain(dialect.anon_role()).collect();
    let rows = session.rows(TABLES, &[(&tenants as _, Type::TEXT_ARRAY)]).await?;
    let mut findings: Vec<Finding> =
        rows.iter().map(|row| Ok(judge(dialect, row.read(0)?, &row.read::<String>(1)?))).collect::<Result<_>>()?;
    let mut creators = super::roles::logins(dialect);
    creators.push(roles::LOGIN);
    for row in session.rows(SCHEMAS, &[(&creators as _, Type::TEXT_ARRAY)]).await? {
        findings.push(creatable(dialect, &row.read::<String>(0)?, &row.read::<String>(1)?));
    }
    Ok(findings)
}

/// A login that creates owns what it made, and whoever calls it by its bare name may find it.
fn creatable(dialect: &Dialect, schema: &str, roles: &str) -> Finding {
    let what = format!("{roles} may create in it: whoever owns a thing grants it, and others may run it unawares");
    let help = format!("REVOKE CREATE ON SCHEMA {schema} FROM {roles}, PUBLIC");
    let object = format!("schema {schema}");
    match dialect {
        Dialect::Supabase(_) => advice("schema-create", object, what, help),
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => failure("schema-create", object, what, help),
    }
}

/// The platform's own schemas hold tables that everybody may use: what is in them is for people to judge.
fn judge(dialect: &Dialect, table: String, role: &str) -> Finding {
    let what = format!("no model is this table, row security does not bind it, and {role} may use it");
    let help = format!("make a model of it, enable row security on it, or REVOKE ALL ON {table} FROM {role}, PUBLIC");
    match dialect {
        Dialect::Supabase(_) => advice("table-elsewhere", table, what, help),
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => failure("table-elsewhere", table, what, help),
    }
}
