//! Whether a login is fit to keep tenants apart.

use super::db::Login;
use super::flight;
use crate::error::{Error, Kind, Result};
use crate::pool::{Connection, OLDEST_SERVER, too_old};
use crate::schema::Dialect;
use crate::schema::roles::{APP, SERVICE};
use crate::sql::Statement;

/// Everything in one row: the server's version, the login's name, whether it is, or can become, a role that row
/// security does not bind, of which roles it is a member, and whether it has their rights without becoming them.
const CHECK: &str = "
    SELECT current_setting('server_version_num')::int4,
           current_setting('server_version'),
           current_user::text,
           coalesce(bool_or(role.rolsuper), false),
           coalesce(bool_or(role.rolbypassrls), false),
           coalesce(bool_or(EXISTS (
               SELECT FROM pg_class
               WHERE relowner = role.oid AND relkind IN ('r', 'p') AND relrowsecurity)), false),
           coalesce(array_agg(role.rolname::text ORDER BY role.rolname) FILTER (WHERE EXISTS (
               SELECT FROM pg_auth_members JOIN pg_roles login ON login.oid = member
               WHERE roleid = role.oid AND login.rolname = current_user)), '{}'),
           coalesce(bool_or(role.rolname <> current_user AND pg_has_role(current_user, role.oid, 'USAGE')), false)
    FROM pg_roles role
    WHERE pg_has_role(current_user, role.oid, 'MEMBER')";

/// Refuses a server that is too old, and a login that row security does not bind. On Supabase a login is a member of
/// exactly the roles that its statements run as, and only `service_role` may be free of row security.
pub(super) async fn check(connection: &Connection, login_for: Login, dialect: &Dialect) -> Result<()> {
    let reply = flight::alone(connection, &Statement::read(CHECK, Vec::new())).await?;
    let row = reply.one()?;
    let number: i32 = row.value(0)?;
    let version: String = row.value(1)?;
    if i64::from(number) < i64::from(OLDEST_SERVER) * 10_000 {
        return Err(too_old(&version));
    }
    let login: String = row.value(2)?;
    if login_for == Login::App && login == SERVICE {
        return Err(Error::new(
            Kind::UnsafeLogin,
            format!("the tenants' URL logs in as \"{SERVICE}\", whom every policy lets through"),
        )
        .help(format!("use {APP} for tenants; check that the two URLs are not mixed up")));
    }
    let is_free = login_for == Login::Service && matches!(dialect, Dialect::Supabase(_));
    let faults = [
        (row.value::<bool>(3)?, "is, or can become, a superuser"),
        (!is_free && row.value::<bool>(4)?, "has, or can gain, BYPASSRLS"),
        (row.value::<bool>(5)?, "owns, or can become the owner of, a table with row security"),
    ];
    if let Some((_, fault)) = faults.into_iter().find(|(found, _)| *found) {
        return Err(Error::new(
            Kind::UnsafeLogin,
            format!("the login \"{login}\" {fault}: row security would not bind it"),
        )
        .help(format!("use the logins that `waygate setup` creates: {APP} for tenants, {SERVICE} for the service")));
    }
    if let Dialect::Supabase(_) = dialect {
        check_memberships(&login, login_for, dialect, &row.value::<Vec<String>>(6)?, row.value(7)?)?;
    }
    Ok(())
}

/// Rule: a login is a member of the roles it runs statements as and of no other, and has no right of theirs by itself.
/// A tenants' login that could become `service_role` would be no wall: one injected `set_config` would open it.
fn check_memberships(
    login: &str,
    login_for: Login,
    dialect: &Dialect,
    members_of: &[String],
    inherits: bool,
) -> Result<()> {
    let mut expected: Vec<&str> = match login_for {
        Login::App => dialect.anon_role().into_iter().chain([dialect.app_role()]).collect(),
        Login::Service => vec![dialect.service_role()],
    };
    expected.sort_unstable();
    if members_of != expected {
        let found = if members_of.is_empty() { "no role".to_owned() } else { members_of.join(", ") };
        let expected = expected.join(" and ");
        return Err(Error::new(
            Kind::UnsafeLogin,
            format!("the login \"{login}\" is a member of {found}; it has to be one of {expected}, and of no other"),
        )
        .help("`waygate setup --dialect supabase` grants what is missing; revoke the others"));
    }
    if inherits {
        return Err(Error::new(
            Kind::UnsafeLogin,
            format!("the login \"{login}\" inherits the rights of {}", members_of.join(" and ")),
        )
        .help(format!("run ALTER ROLE {login} NOINHERIT, and grant it its roles anew")));
    }
    Ok(())
}
