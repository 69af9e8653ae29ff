//! Views: one shows what its owner sees, unless it is told to show what its reader sees.

use postgres_types::Type;

use super::{Reach, failure};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;

/// Views that one of the tenants' roles ($3) may use and that do not ask who uses them, with those roles; an extension's
/// are left out.
const VIEWS: &str = "
    SELECT format('%I.%I', home.nspname, object.relname), object.relkind = 'm', pg_get_userbyid(object.relowner)::text,
           array_to_string(users.names, ', ')
    FROM pg_class object JOIN pg_namespace home ON home.oid = object.relnamespace
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT name FROM unnest($3::text[]) name
                     WHERE has_table_privilege(name, object.oid, 'SELECT, INSERT, UPDATE, DELETE')
                           OR has_any_column_privilege(name, object.oid, 'SELECT, INSERT, UPDATE')) AS names
    ) users
    WHERE (home.nspname = $1) = $2 AND home.nspname <> 'information_schema' AND home.nspname !~ '^pg_'
          AND object.relkind IN ('v', 'm')
          AND users.names <> '{}'
          AND NOT EXISTS (
              SELECT FROM pg_options_to_table(object.reloptions) setting
              WHERE setting.option_name = 'security_invoker' AND setting.option_value::boolean)
          AND NOT EXISTS (
              SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = object.oid AND deptype = 'e')
    ORDER BY 1";

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>, reach: Reach) -> Result<Vec<Finding>> {
    let inside = reach == Reach::Inside;
    let readers: Vec<&str> = [subject.dialect.app_role()].into_iter().chain(subject.dialect.anon_role()).collect();
    let params = [(&subject.namespace as _, Type::TEXT), (&inside as _, Type::BOOL), (&readers as _, Type::TEXT_ARRAY)];
    let mut findings = Vec::new();
    for row in session.rows(VIEWS, &params).await? {
        let (view, is_stored): (String, bool) = (row.read(0)?, row.read(1)?);
        let (owner, app): (String, String) = (row.read(2)?, row.read(3)?);
        findings.push(if is_stored {
            let what = format!("{app} may read this materialized view, which row security cannot bind");
            let help = format!("REVOKE ALL ON {view} FROM PUBLIC, {app}");
            failure("materialized-view", format!("materialized view {view}"), what, help)
        } else {
            let what = format!("{app} may use this view, which shows what {owner} sees");
            let help = format!("ALTER VIEW {view} SET (security_invoker = true)");
            failure("view-of-owner", format!("view {view}"), what, help)
        });
    }
    Ok(findings)
}
