//! Views: one shows what its owner sees, unless it is told to show what its reader sees.

use postgres_types::Type;

use super::{Reach, failure};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;

/// Views that the tenants' login may use and that do not ask who uses them; an extension's are left out.
const VIEWS: &str = "
    SELECT format('%I.%I', home.nspname, object.relname), object.relkind = 'm', pg_get_userbyid(object.relowner)::text
    FROM pg_class object JOIN pg_namespace home ON home.oid = object.relnamespace
    WHERE (home.nspname = $1) = $2 AND home.nspname <> 'information_schema' AND home.nspname !~ '^pg_'
          AND object.relkind IN ('v', 'm')
          AND (has_table_privilege($3, object.oid, 'SELECT, INSERT, UPDATE, DELETE')
               OR has_any_column_privilege($3, object.oid, 'SELECT, INSERT, UPDATE'))
          AND NOT EXISTS (
              SELECT FROM pg_options_to_table(object.reloptions) setting
              WHERE setting.option_name = 'security_invoker' AND setting.option_value::boolean)
          AND NOT EXISTS (
              SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = object.oid AND deptype = 'e')
    ORDER BY 1";

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>, reach: Reach) -> Result<Vec<Finding>> {
    let (inside, app) = (reach == Reach::Inside, subject.dialect.app_role());
    let params = [(&subject.namespace as _, Type::TEXT), (&inside as _, Type::BOOL), (&app as _, Type::TEXT)];
    let mut findings = Vec::new();
    for row in session.rows(VIEWS, &params).await? {
        let (view, is_stored, owner): (String, bool, String) = (row.read(0)?, row.read(1)?, row.read(2)?);
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
