//! The five roles of the library. They belong to the whole server, so no migration creates them.
//!
//! `waygate_owner` owns every database and all in it, and nobody logs in as it; `waygate_migrator` logs in and becomes
//! it by `SET ROLE`. The two logins of a running service, `waygate_app` and `waygate_service`, are members of nothing: a
//! role that can become another is no wall. `waygate_login` owns the one function that finds a tenant by its key, and
//! `waygate_owner` is its member because a function can only be handed to a role that one could become.
//!
//! On Supabase requests run as roles of the platform's: `anon`, `authenticated` and `service_role`. There our logins are
//! their members, without inheriting anything, and each of no other role.

mod password;

use std::fmt::Write as _;

use tokio_postgres::Client;

use crate::error::{Error, Kind, Result};
use crate::schema::Dialect;

use super::database::check_server_version;
use super::driver::{first_column, run};

pub use crate::schema::roles::{APP, LOGIN, MIGRATOR, OWNER, SERVICE};
pub use password::{Password, Passwords};

/// What no role ever is. These are the defaults; they stand here for the reader.
const POWERLESS: &str = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION";

/// Each role and what it may. The logins inherit nothing: whoever forgets `SET ROLE` may nothing.
const ROLES: [(&str, &str); 5] = [
    (OWNER, "NOLOGIN NOBYPASSRLS"),
    (MIGRATOR, "LOGIN NOINHERIT NOBYPASSRLS"),
    (APP, "LOGIN NOINHERIT NOBYPASSRLS"),
    (SERVICE, "LOGIN NOINHERIT NOBYPASSRLS"),
    (LOGIN, "NOLOGIN NOBYPASSRLS"),
];

/// Which role has which member.
const MEMBERS: [(&str, &str); 2] = [(OWNER, MIGRATOR), (LOGIN, OWNER)];

/// The roles that Supabase brings. They are created on servers without them, so that one's own PostgREST works alike.
const PLATFORM: [(&str, &str); 4] = [
    ("anon", "NOLOGIN NOBYPASSRLS"),
    ("authenticated", "NOLOGIN NOBYPASSRLS"),
    ("service_role", "NOLOGIN BYPASSRLS"),
    ("authenticator", "LOGIN NOINHERIT NOBYPASSRLS"),
];

/// Which role of the platform has which member.
const PLATFORM_MEMBERS: [(&str, &str); 6] = [
    ("anon", "authenticator"),
    ("authenticated", "authenticator"),
    ("service_role", "authenticator"),
    ("anon", APP),
    ("authenticated", APP),
    ("service_role", SERVICE),
];

type Pairs = Vec<(&'static str, &'static str)>;

/// The roles of this kind of server, each with what it may, and the memberships.
fn plan(dialect: &Dialect) -> (Pairs, Pairs) {
    let (mut roles, mut members) = (ROLES.to_vec(), MEMBERS.to_vec());
    if matches!(dialect, Dialect::Supabase(_)) {
        roles.extend(PLATFORM);
        members.extend(PLATFORM_MEMBERS);
    }
    (roles, members)
}

/// The names of the roles, the owner first.
pub fn names() -> impl Iterator<Item = &'static str> {
    ROLES.iter().map(|(name, _)| *name)
}

/// The script that creates the roles by hand, in `psql`, without passwords; it may be run again.
#[must_use]
pub fn roles_sql(dialect: &Dialect) -> String {
    let (roles, members) = plan(dialect);
    let mut sql = String::from(
        "-- The roles of Waygate, for the whole server. Run as an administrator; roles that exist are left as they are.\n\
         -- Then give the logins passwords: \\password waygate_migrator, \\password waygate_app, \\password waygate_service\n\
         DO $$\nBEGIN\n",
    );
    for (name, rights) in roles {
        let create = create_role(name, rights);
        // Writing to a String does not fail.
        let _ = writeln!(sql, "  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{name}') THEN");
        let _ = writeln!(sql, "    {create};\n  END IF;");
    }
    sql.push_str("END\n$$;\n");
    for (role, member) in members {
        let _ = writeln!(sql, "GRANT {role} TO {member};");
    }
    sql
}

/// Creates the roles that are missing and returns their names; a role that exists is never altered.
///
/// Safe beside others that do the same. Only the logins among the returned names have the passwords given here.
///
/// # Errors
///
/// [`is_permission_denied`](Error::is_permission_denied) when the administrator may not create roles, and
/// [`is_server_too_old`](Error::is_server_too_old).
pub async fn ensure_roles(admin: &Client, passwords: &Passwords) -> Result<Vec<&'static str>> {
    ensure_roles_for(admin, passwords, &Dialect::Postgres).await
}

/// The same for another kind of server. On Supabase our logins become members of the platform's roles.
///
/// # Errors
///
/// As [`ensure_roles`].
pub async fn ensure_roles_for(admin: &Client, passwords: &Passwords, dialect: &Dialect) -> Result<Vec<&'static str>> {
    check_server_version(admin).await?;
    let (roles, members) = plan(dialect);
    let mut created = Vec::new();
    for (name, rights) in roles {
        let secret = passwords.of(name).map(Password::verifier).transpose()?;
        let secret = secret.map(|verifier| format!(" PASSWORD '{verifier}'")).unwrap_or_default();
        let create = format!("{}{secret}", create_role(name, rights));
        let exists = format!("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = '{name}'");
        if run(admin, Some(&exists), &create).await? {
            created.push(name);
        }
    }
    for (role, member) in members {
        let exists = format!(
            "SELECT 1 FROM pg_catalog.pg_auth_members WHERE roleid = '{role}'::regrole AND member = '{member}'::regrole"
        );
        run(admin, Some(&exists), &format!("GRANT {role} TO {member}")).await?;
    }
    Ok(created)
}

/// The roles that the server does not have.
///
/// # Errors
///
/// Those of the connection.
pub async fn missing_roles(client: &Client) -> Result<Vec<&'static str>> {
    let found = first_column(client, "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname LIKE 'waygate%'").await?;
    Ok(names().filter(|name| !found.iter().any(|found| found == name)).collect())
}

/// Checks that the server has all roles.
///
/// # Errors
///
/// [`is_role_missing`](Error::is_role_missing); the text names them.
pub async fn require_roles(client: &Client) -> Result<()> {
    match missing_roles(client).await?.as_slice() {
        [] => Ok(()),
        missing => Err(Error::new(Kind::RoleMissing, format!("the server has no role {}", missing.join(", "))).help(
            "run `waygate setup` with DATABASE_URL of an administrator, or the script of `waygate schema roles`",
        )),
    }
}

fn create_role(name: &str, rights: &str) -> String {
    format!("CREATE ROLE {name} {rights} {POWERLESS}")
}
