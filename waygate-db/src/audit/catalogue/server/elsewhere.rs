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

pub(super) async fn examine(session: &Maintenance, dialect: &Dialect) -> Result<Vec<Finding>> {
    let tenants: Vec<&str> = [dialect.app_role(), roles::LOGIN].into_iter().chain(dialect.anon_role()).collect();
    let rows = session.rows(TABLES, &[(&tenants as _, Type::TEXT_ARRAY)]).await?;
    rows.iter().map(|row| Ok(judge(dialect, row.read(0)?, &row.read::<String>(1)?))).collect()
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
