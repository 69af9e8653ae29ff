//! Databases on any server: created for the owner, closed to everybody else, dropped.

mod prepare;

use tokio_postgres::Client;

use crate::error::{Error, Kind, Result};
#[cfg(feature = "cli")]
use crate::migrate;
use crate::pool::{OLDEST_SERVER, too_old};

use super::driver::run;
use super::roles::{OWNER, require_roles};

pub use super::driver::connect;
pub(crate) use super::driver::first_column;
pub(crate) use prepare::GUARD;

/// Checks that the server is PostgreSQL 15 or later.
///
/// # Errors
///
/// [`is_server_too_old`](Error::is_server_too_old); the text names both versions.
pub async fn check_server_version(client: &Client) -> Result<()> {
    let number: u32 = single(client, "SHOW server_version_num").await?.parse().unwrap_or_default();
    if number >= OLDEST_SERVER * 10_000 {
        return Ok(());
    }
    Err(too_old(&single(client, "SHOW server_version").await?))
}

/// Refuses, before the first deploy, a database that holds objects of somebody else. Writes nothing and needs no role:
/// for whoever prepares a database.
#[cfg(feature = "cli")]
pub(crate) async fn refuse_foreign_objects(admin: &Client) -> Result<()> {
    if first_column(admin, migrate::EXISTS).await? == ["t"] {
        return Ok(());
    }
    let names = first_column(admin, migrate::OBJECTS).await?;
    if names.is_empty() { Ok(()) } else { Err(migrate::foreign(&names, "")) }
}

/// Creates a database that belongs to `waygate_owner`, optionally as a copy of another.
///
/// A copy has the tables of its template and not its rights; [`prepare_database`] gives them, also to a copy.
///
/// # Errors
///
/// [`is_role_missing`](Error::is_role_missing) before the roles exist; the server's refusal (`42P04`) when the database
/// does already, and when somebody is connected to the template (`55006`).
pub async fn create_database(admin: &Client, name: &str, template: Option<&str>) -> Result<()> {
    require_roles(admin).await?;
    let template = template.map(|template| format!(" TEMPLATE {}", quote(template))).unwrap_or_default();
    let create = format!("CREATE DATABASE {} OWNER {OWNER}{template}", quote(name));
    as_owner(admin, &create).await
}

/// Drops a database, if it is there, together with the sessions in it.
///
/// # Errors
///
/// [`is_permission_denied`](Error::is_permission_denied) when it belongs to others.
pub async fn drop_database(admin: &Client, name: &str) -> Result<()> {
    let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(name));
    as_owner(admin, &drop).await
}

/// Sets the rights of the database that this administrator is connected to; run again it changes nothing.
///
/// Only the three logins may connect, and an administrator who is neither superuser nor the owner's member; nobody may
/// make temporary tables. The schema `public` belongs to `waygate_owner`, alone may create in it, and what it creates is
/// granted to nobody by itself. A superuser also makes the event trigger [`is_guarded`] asks for.
///
/// # Errors
///
/// [`is_role_missing`](Error::is_role_missing), and [`is_permission_denied`](Error::is_permission_denied).
pub async fn prepare_database(admin: &Client) -> Result<()> {
    prepare(admin, |_| String::new()).await
}

/// Gives the database that this administrator is connected to `waygate_owner`, and prepares it.
///
/// # Errors
///
/// As [`prepare_database`].
pub async fn hand_over(admin: &Client) -> Result<()> {
    prepare(admin, |database| format!("ALTER DATABASE {database} OWNER TO {OWNER};\n")).await
}

/// Whether new tables in `public` are closed at once: an event trigger, which only a superuser can make, enables and
/// forces row security on each.
///
/// # Errors
///
/// Those of the connection.
pub async fn is_guarded(client: &Client) -> Result<bool> {
    Ok(single(client, prepare::IS_GUARDED).await? == "t")
}

/// Whether the database holds data keys, which are wrapped by a key that is kept elsewhere. Who may not look is answered
/// as if there were.
///
/// # Errors
///
/// Those of the connection.
#[cfg(feature = "cli")]
pub(crate) async fn may_hold_data_keys(admin: &Client) -> Result<bool> {
    let table = "SELECT EXISTS (SELECT FROM pg_catalog.pg_class
                                WHERE relnamespace = to_regnamespace('waygate') AND relname = 'data_keys')";
    if single(admin, table).await? != "t" {
        return Ok(false);
    }
    match single(admin, "SELECT EXISTS (SELECT FROM waygate.data_keys)").await {
        Err(error) if !error.is_permission_denied() => Err(error),
        answer => Ok(answer.map_or(true, |answer| answer == "t")),
    }
}

/// Lets `waygate_owner` work in the database that this administrator is connected to and that stays its platform's, as
/// on Supabase, whose own logins have to keep what they may; run again it changes nothing.
///
/// # Errors
///
/// As [`prepare_database`].
pub async fn share(admin: &Client) -> Result<()> {
    require_roles(admin).await?;
    let database = quote(&single(admin, "SELECT current_database()").await?);
    as_owner(admin, &prepare::shared_rights(&database)).await
}

/// One message, hence one transaction: all of it or nothing.
async fn prepare(admin: &Client, first: impl FnOnce(&str) -> String) -> Result<()> {
    require_roles(admin).await?;
    let database = quote(&single(admin, "SELECT current_database()").await?);
    let mut sql = first(&database) + &prepare::rights(&database);
    if !is_member(admin).await? {
        sql.push_str(&prepare::connect_right(&database));
    }
    let is_superuser = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user";
    if single(admin, is_superuser).await? == "t" {
        sql.push_str(prepare::GUARD);
    }
    as_owner(admin, &sql).await
}

/// Does what only a member of `waygate_owner` may do. A superuser is one anyway; on a managed server the administrator
/// becomes one for this moment, because the migrator shall be the only one.
async fn as_owner(admin: &Client, sql: &str) -> Result<()> {
    if is_member(admin).await? {
        return run(admin, None, sql).await.map(drop);
    }
    run(admin, None, &format!("GRANT {OWNER} TO CURRENT_USER")).await?;
    let result = run(admin, None, sql).await;
    // Cancelled before this point, the administrator stays a member, which gives it nothing it cannot take by itself.
    let returned = run(admin, None, &format!("REVOKE {OWNER} FROM CURRENT_USER")).await;
    result.and(returned).map(drop)
}

/// Whether the administrator may do what the owner may, as a superuser or its member.
async fn is_member(admin: &Client) -> Result<bool> {
    let member = format!("SELECT coalesce(pg_has_role(to_regrole('{OWNER}'), 'USAGE'), true)");
    Ok(single(admin, &member).await? == "t")
}

async fn single(client: &Client, sql: &str) -> Result<String> {
    let column = first_column(client, sql).await?;
    column.into_iter().next().ok_or_else(|| Error::new(Kind::Connect, "the server sent no answer").help("try again"))
}

/// A name as an identifier. A zero byte, which no name can hold, the driver refuses.
fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
