//! Holes in row security.

use super::{Hole, shown, silent};
use crate::schema::roles::{LOGIN, OWNER};
use crate::schema::{Dialect, Scope, Table};
use crate::sql::ddl::Target;
use crate::sql::identifier::{ident, literal};

/// What can be wrong with a table's policies.
pub(super) fn holes(table: &Table, target: Target<'_>) -> Vec<Hole> {
    let (on, app, service) = (target.name(table.name), target.app(), target.service());
    let app_policy = |change: &str| on_policy(&on, app, change);
    let mut holes = vec![
        silent("the service's policy dropped", on_policy(&on, service, "DROP POLICY %I ON %s")),
        silent("the owner's policy dropped", on_policy(&on, OWNER, "DROP POLICY %I ON %s")),
        silent("row security no longer forced", format!("ALTER TABLE {on} NO FORCE ROW LEVEL SECURITY")),
        silent("the app's policy opened to PUBLIC", app_policy("ALTER POLICY %I ON %s TO PUBLIC")),
    ];
    if !table.has_tenant() {
        holes.push(silent("the app's policy dropped", app_policy("DROP POLICY %I ON %s")));
        holes.push(silent("row security disabled", format!("ALTER TABLE {on} DISABLE ROW LEVEL SECURITY")));
        return holes;
    }
    holes.extend([
        shown("the app's policy dropped", app_policy("DROP POLICY %I ON %s")),
        shown("row security disabled", format!("ALTER TABLE {on} DISABLE ROW LEVEL SECURITY")),
        shown("USING true", app_policy("ALTER POLICY %I ON %s USING (true)")),
        shown("a permissive policy for the app", format!("CREATE POLICY planted ON {on} TO {app} USING (true)")),
        shown(
            "a permissive policy for the app's reads",
            format!("CREATE POLICY planted ON {on} FOR SELECT TO {app} USING (true)"),
        ),
        shown("a permissive policy for PUBLIC", format!("CREATE POLICY planted ON {on} USING (true)")),
        shown(
            "the service's policy widened to the app",
            on_policy(&on, service, &format!("ALTER POLICY %I ON %s TO {service}, {app}")),
        ),
        shown(
            "the owner's policy widened to the app",
            on_policy(&on, OWNER, &format!("ALTER POLICY %I ON %s TO {OWNER}, {app}")),
        ),
        shown("the app's policy narrowed to a restrictive one", restrictive(&on, app)),
        check_true(table, app_policy("ALTER POLICY %I ON %s WITH CHECK (true)")),
    ]);
    if !table.append_only {
        holes.push(shown("the app's policy narrowed to reads", narrowed(&on, app)));
    }
    if table.login.is_some() {
        holes.push(shown(
            "the login's policy widened to the app",
            on_policy(&on, LOGIN, &format!("ALTER POLICY %I ON %s TO {LOGIN}, {app}")),
        ));
        holes.push(silent(
            "the login's policy for all commands",
            format!("CREATE POLICY planted ON {on} TO {LOGIN} USING (true)"),
        ));
    }
    holes.extend(lenient(table, target));
    holes.extend(unsealed(table, target));
    holes.extend(mine_or_null(table, target));
    holes
}

/// Visible where a row belongs to its parent's tenant; a tenant column is guarded by its grants and default as well.
fn check_true(table: &Table, script: String) -> Hole {
    let is_shown = matches!(table.scope, Scope::Through { .. });
    Hole { kind: "WITH CHECK true", script, is_shown }
}

/// A policy that takes a missing tenant for nobody, and so is silent where it has to raise.
fn lenient(table: &Table, target: Target<'_>) -> Option<Hole> {
    let column = ident(table.column_at(table.tenant_index()?).name);
    let change = format!("ALTER POLICY %I ON %s USING ({column} = (SELECT {}))", target.tenant_or_null());
    Some(shown("a policy that is silent without a tenant", on_policy(&target.name(table.name), target.app(), &change)))
}

/// A policy of another dialect, which believes the setting without its seal.
fn unsealed(table: &Table, target: Target<'_>) -> Option<Hole> {
    let column = ident(table.column_at(table.tenant_index()?).name);
    if *target.dialect != Dialect::Sealed {
        return None;
    }
    let change = format!("ALTER POLICY %I ON %s USING ({column} = (SELECT {}))", target.tenant_default());
    Some(silent("a policy that asks for no seal", on_policy(&target.name(table.name), target.app(), &change)))
}

/// The classic mistake beside an optional owner: rows without one are everyone's.
fn mine_or_null(table: &Table, target: Target<'_>) -> Option<Hole> {
    let Scope::Through { owner: Some(owner), .. } = table.scope else { return None };
    let column = ident(table.column_at(owner).name);
    let change = format!("ALTER POLICY %I ON %s USING ({column} = {} OR {column} IS NULL)", target.tenant());
    Some(shown(
        "mine-or-NULL on a table through its parent",
        on_policy(&target.name(table.name), target.app(), &change),
    ))
}

/// The same rule, for reads alone.
fn narrowed(on: &str, app: &str) -> String {
    replaced(on, app, "CREATE POLICY planted ON %2$s FOR SELECT TO %3$I USING (%4$s)")
}

/// The same rule, which only restricts what no policy permits any more.
fn restrictive(on: &str, app: &str) -> String {
    replaced(on, app, "CREATE POLICY planted ON %2$s AS RESTRICTIVE TO %3$I USING (%4$s)")
}

/// Another policy in the place of a role's: `%2$s` is the table, `%3$I` the role, `%4$s` the rule.
fn replaced(on: &str, role: &str, other: &str) -> String {
    let (other, table, holder) = (literal(other), literal(on), literal(role));
    let statements = format!(
        "EXECUTE format({other}, policy.name, {table}, {holder}, policy.rule); \
         EXECUTE format('DROP POLICY %I ON %s', policy.name, {table})"
    );
    with_policy(on, role, &statements)
}

/// A change of the policy that a role has on a table: `%I` is the policy, `%s` the table.
fn on_policy(on: &str, role: &str, change: &str) -> String {
    with_policy(on, role, &format!("EXECUTE format({}, policy.name, {})", literal(change), literal(on)))
}

/// Runs a block's statements with the policy of a role on a table at hand.
fn with_policy(on: &str, role: &str, statements: &str) -> String {
    format!(
        "DO $planted$ DECLARE policy record; BEGIN \
         SELECT polname AS name, pg_get_expr(polqual, polrelid) AS rule INTO STRICT policy FROM pg_catalog.pg_policy \
         WHERE polrelid = {}::regclass AND polroles = ARRAY[(SELECT oid FROM pg_catalog.pg_roles WHERE rolname = {})]; \
         {statements}; END $planted$",
        literal(on),
        literal(role),
    )
}
