//! The check that a database without a ledger is empty.

#[cfg(feature = "cli")]
use tokio_postgres::Client;

use crate::error::{Error, Kind, Result};
#[cfg(feature = "cli")]
use crate::local::database::first_column;
use crate::session::Maintenance;

/// Tables, views and types in `public` that no extension brought.
const OBJECTS: &str = "
    SELECT what, count(*) OVER () FROM (
        SELECT CASE relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table '
                            ELSE 'table ' END || quote_ident(relname) AS what
        FROM pg_class object
        WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (
            SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = object.oid AND deptype = 'e')
        UNION ALL
        SELECT 'type ' || quote_ident(typname)
        FROM pg_type object
        WHERE typnamespace = to_regnamespace('public') AND typtype IN ('e', 'd') AND NOT EXISTS (
            SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = object.oid AND deptype = 'e')
    ) objects ORDER BY what COLLATE \"C\" LIMIT 5";

/// Refuses a database in which `public` holds objects although no migration was ever applied.
pub(super) async fn refuse_foreign_objects(conn: &Maintenance) -> Result<()> {
    let found = conn.rows(OBJECTS, &[]).await?;
    let Some(first) = found.first() else { return Ok(()) };
    let total: i64 = first.read(1)?;
    let names = found.iter().map(|object| object.read::<String>(0)).collect::<Result<Vec<_>>>()?;
    let shown = i64::try_from(names.len()).unwrap_or(total);
    let more = if total > shown { format!(" and {} more", total - shown) } else { String::new() };
    Err(foreign(&names, &more))
}

fn foreign(names: &[String], more: &str) -> Error {
    let message = format!(
        "the database holds objects that no migration created; in schema public: {}{more}. Nothing was changed",
        names.join(", ")
    );
    Error::new(Kind::ForeignSchema, message)
        .help("use an empty database, or check that the URL names the database you mean")
}

/// Refuses, before the first deploy, a database that holds objects of somebody else. Writes nothing and needs no role:
/// for whoever prepares a database.
#[cfg(feature = "cli")]
pub(crate) async fn refuse_foreign_database(admin: &Client) -> Result<()> {
    if first_column(admin, super::ledger::EXISTS).await? == ["t"] {
        return Ok(());
    }
    let names = first_column(admin, OBJECTS).await?;
    if names.is_empty() { Ok(()) } else { Err(foreign(&names, "")) }
}
