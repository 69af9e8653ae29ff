//! Whether a login is fit to keep tenants apart.

use crate::error::{Error, Kind, Result};
use crate::local::roles::SERVICE;
use crate::pool::Connection;
use crate::sql::Statement;

use super::db::Login;
use super::flight;

/// The oldest server that the library works with, as `server_version_num` writes it.
const OLDEST_SERVER: i32 = 150_000;

/// Everything in one row: the server's version, the login's name, and whether it is, or can become, a role that row
/// security does not bind.
const CHECK: &str = "
    SELECT current_setting('server_version_num')::int4,
           current_setting('server_version'),
           current_user::text,
           coalesce(bool_or(role.rolsuper), false),
           coalesce(bool_or(role.rolbypassrls), false),
           coalesce(bool_or(EXISTS (
               SELECT FROM pg_class
               WHERE relowner = role.oid AND relkind IN ('r', 'p') AND relrowsecurity)), false)
    FROM pg_roles role
    WHERE pg_has_role(current_user, role.oid, 'MEMBER')";

/// Refuses a server that is too old, and a login that row security does not bind.
pub(super) async fn check(connection: &Connection, login_for: Login) -> Result<()> {
    let reply = flight::alone(connection, &Statement::read(CHECK, Vec::new())).await?;
    let row = reply.one()?;
    let number: i32 = row.value(0)?;
    let version: String = row.value(1)?;
    if number < OLDEST_SERVER {
        return Err(Error::new(
            Kind::ServerTooOld,
            format!("the server is PostgreSQL {version}; 15 or newer is needed"),
        )
        .help("upgrade the server, or point the URL at a newer one"));
    }
    let login: String = row.value(2)?;
    if login_for == Login::App && login == SERVICE {
        return Err(Error::new(
            Kind::UnsafeLogin,
            format!("the tenants' URL logs in as \"{SERVICE}\", whom every policy lets through"),
        )
        .help("use waygate_app for tenants; check that the two URLs are not mixed up"));
    }
    let faults = [
        (row.value::<bool>(3)?, "is, or can become, a superuser"),
        (row.value::<bool>(4)?, "has, or can gain, BYPASSRLS"),
        (row.value::<bool>(5)?, "owns, or can become the owner of, a table with row security"),
    ];
    match faults.into_iter().find(|(found, _)| *found) {
        Some((_, fault)) => Err(Error::new(
            Kind::UnsafeLogin,
            format!("the login \"{login}\" {fault}: row security would not bind it"),
        )
        .help("use the logins that `waygate setup` creates: waygate_app for tenants, waygate_service for the service")),
        None => Ok(()),
    }
}
