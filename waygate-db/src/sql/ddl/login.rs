//! The function that finds a tenant by its API key's hash, before there is a tenant.

use super::super::identifier::ident;
use super::layout::wrapped;
use super::{Target, citus, security};
use crate::schema::roles::LOGIN;
use crate::schema::{Login, Table};

/// What the function's owner may read of the table that tenants log in by: it can log in nowhere and read nothing but
/// these columns, so that the one way past row security shows one id to whoever has the key.
pub(super) fn access(table: &Table, target: Target<'_>) -> Vec<String> {
    let Some(login) = table.login else { return Vec::new() };
    let columns = reads(table, login);
    let on = target.name(table.name);
    let select = if target.has_column_rights() {
        format!("{}\n   ", wrapped("GRANT SELECT", columns, 0))
    } else {
        "GRANT SELECT".to_owned()
    };
    vec![
        "-- Login: the tenant of an API key, by the key's hash, without a tenant being set.".to_owned(),
        format!("REVOKE ALL ON {on} FROM {LOGIN};"),
        format!("GRANT USAGE ON SCHEMA {} TO {LOGIN};", ident(target.schema)),
        format!("{select} ON {on} TO {LOGIN};"),
        security::clause(security::policy(table, "login", " FOR SELECT", LOGIN, target), "USING (true);"),
    ]
}

/// The columns that the function's owner reads.
pub(crate) fn reads(table: &Table, login: Login) -> Vec<&'static str> {
    [table.key].into_iter().chain(login.columns()).map(|column| table.column_at(column).name).collect()
}

/// The function, which a copy of the tables has none of. It is handed over last: only its owner could grant it.
pub(super) fn function(table: &Table, target: Target<'_>) -> Vec<String> {
    let Some(login) = table.login.filter(|_| !target.is_copy()) else { return Vec::new() };
    let (key, on, app) = (table.key_column().name, target.name(table.name), target.app());
    let statements = vec![
        format!(
            "CREATE FUNCTION waygate.tenant_for_key(key_hash text) RETURNS uuid\n    \
                 LANGUAGE sql STABLE SECURITY DEFINER\n    \
                 SET search_path = pg_catalog, pg_temp\n\
             AS $$\n    \
                 SELECT {} FROM {on}\n    \
                 WHERE {}\n\
             $$;",
            ident(key),
            is_live(table, login),
        ),
        "REVOKE ALL ON FUNCTION waygate.tenant_for_key(text) FROM PUBLIC;".to_owned(),
        format!("GRANT EXECUTE ON FUNCTION waygate.tenant_for_key(text) TO {app};"),
        format!("GRANT CREATE ON SCHEMA waygate TO {LOGIN};"),
        format!("ALTER FUNCTION waygate.tenant_for_key(text) OWNER TO {LOGIN};"),
        format!("REVOKE CREATE ON SCHEMA waygate FROM {LOGIN};"),
    ];
    if target.is_cluster() { citus::on_coordinator(statements) } else { statements }
}

/// The condition of a tenant's row that has this live key: its key, or the one before while that lasts.
fn is_live(table: &Table, login: Login) -> String {
    let column = |index: usize| ident(table.column_at(index).name);
    let current = format!("{} = key_hash", column(login.hash));
    match login.previous {
        None => current,
        Some(previous) => format!(
            "{current}\n       OR ({} = key_hash AND {} > now())",
            column(previous.hash),
            column(previous.expires_at)
        ),
    }
}
