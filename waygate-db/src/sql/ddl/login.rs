//! The function that finds a tenant by its API key's hash, before there is a tenant.

use super::super::identifier::ident;
use super::layout::list;
use super::{Target, security};
use crate::schema::Table;

/// What the login takes, for the table that tenants log in by: the function, and its owner's access to the table. A
/// copy of the tables gets no function of its own.
pub(super) fn statements(table: &Table, target: Target<'_>) -> Vec<String> {
    let Some(login) = table.login else { return Vec::new() };
    let mut statements = access(table, login, target);
    if !target.is_copy() {
        statements.extend(function(table, login, target));
    }
    statements
}

/// What the function's owner may read: it can log in nowhere and read nothing but the two columns, so that the one way
/// past row security shows one id to whoever has the key.
fn access(table: &Table, login: usize, target: Target<'_>) -> Vec<String> {
    let (key, hash, on) = (table.key_column().name, table.column_at(login).name, target.name(table.name));
    vec![
        "-- Login: the tenant of an API key, by the key's hash, without a tenant being set.".to_owned(),
        format!("REVOKE ALL ON {on} FROM waygate_login;"),
        format!("GRANT USAGE ON SCHEMA {} TO waygate_login;", ident(target.schema)),
        format!("GRANT SELECT ({}) ON {on} TO waygate_login;", list([key, hash])),
        security::clause(security::policy(table, "login", " FOR SELECT", "waygate_login", target), "USING (true);"),
    ]
}

/// The function. It is handed over last: only its owner could grant it.
pub(super) fn function(table: &Table, login: usize, target: Target<'_>) -> Vec<String> {
    let (key, hash, on) = (table.key_column().name, table.column_at(login).name, target.name(table.name));
    let app = target.app();
    vec![
        format!(
            "CREATE FUNCTION waygate.tenant_for_key(key_hash text) RETURNS uuid\n    \
                 LANGUAGE sql STABLE SECURITY DEFINER\n    \
                 SET search_path = pg_catalog, pg_temp\n\
             AS $$\n    \
                 SELECT {} FROM {on} WHERE {} = key_hash\n\
             $$;",
            ident(key),
            ident(hash),
        ),
        "REVOKE ALL ON FUNCTION waygate.tenant_for_key(text) FROM PUBLIC;".to_owned(),
        format!("GRANT EXECUTE ON FUNCTION waygate.tenant_for_key(text) TO {app};"),
        "GRANT CREATE ON SCHEMA waygate TO waygate_login;".to_owned(),
        "ALTER FUNCTION waygate.tenant_for_key(text) OWNER TO waygate_login;".to_owned(),
        "REVOKE CREATE ON SCHEMA waygate FROM waygate_login;".to_owned(),
    ]
}
