//! The history tables of other tools.

use postgres_types::Type;

use super::Tool;
use crate::error::{Error, Kind, Result};
use crate::session::{Maintenance, Refusal};

/// What a tool has applied, or has tried to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// As the file's.
    pub(super) key: String,
    pub(super) name: Option<String>,
    /// As the tool writes it, bytes in hexadecimal; empty where it keeps none.
    pub(super) checksum: String,
    /// Why it does not count as applied.
    pub(super) failure: Option<String>,
}

const FIND: &str = "SELECT format('%I.%I', nspname, relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE relname = $1 AND relkind = 'r' AND nspname !~ '^pg_' ORDER BY 1";

/// The tool's table in this database, and its rows.
///
/// They are read as the login and not as the owner, whose the table need not be.
pub(super) async fn read(tool: Tool, conn: &Maintenance) -> Result<(String, Vec<Row>)> {
    let table = table(tool);
    let found = conn.rows(FIND, &[(&table, Type::TEXT)]).await?;
    let name: String = match found.as_slice() {
        [one] => one.read(0)?,
        [] => {
            let message = format!("this database has no table {table}: {} has applied nothing here", tool.as_str());
            return Err(Error::new(Kind::Config, message)
                .help("check the URL; for the files alone, run the command without one"));
        }
        _ => {
            let message = format!("this database has {} tables {table}, in several schemas", found.len());
            return Err(Error::new(Kind::Config, message).help("rename those that are not about this project"));
        }
    };
    let login = conn.beside().await?;
    // Row security that hid rows would make applied migrations look pending: the server refuses instead.
    login.run("SET row_security = off").await?;
    let rows = login.rows(&select(tool, &name), &[]).await;
    login.close().await;
    let rows = rows.map_err(|refusal| unreadable(&name, refusal))?;
    let row = |row: &crate::session::Tuple| {
        Ok(Row { key: row.read(0)?, name: row.read(1)?, checksum: row.read(2)?, failure: row.read(3)? })
    };
    Ok((name, rows.iter().map(row).collect::<Result<_>>()?))
}

fn table(tool: Tool) -> &'static str {
    match tool {
        Tool::Prisma => "_prisma_migrations",
        Tool::Sqlx => "_sqlx_migrations",
        Tool::Refinery => "refinery_schema_history",
        Tool::Diesel => "__diesel_schema_migrations",
    }
}

/// Key, name, checksum and failure of each row that counts.
fn select(tool: Tool, table: &str) -> String {
    match tool {
        // A row that was rolled back is a note of an attempt, and another row may have followed.
        Tool::Prisma => format!(
            "SELECT migration_name::text, NULL::text, checksum::text,
                CASE WHEN finished_at IS NULL THEN migration_name || ' failed, or never ended' END
             FROM {table} WHERE rolled_back_at IS NULL ORDER BY migration_name"
        ),
        Tool::Sqlx => format!(
            "SELECT version::text, description::text, encode(checksum, 'hex'),
                CASE WHEN NOT success THEN version || ' failed half-way' END
             FROM {table} ORDER BY version"
        ),
        Tool::Refinery => {
            format!("SELECT version::text, name::text, checksum::text, NULL::text FROM {table} ORDER BY version")
        }
        Tool::Diesel => format!("SELECT version::text, NULL::text, '', NULL::text FROM {table} ORDER BY version"),
    }
}

fn unreadable(table: &str, refusal: Refusal) -> Error {
    match refusal.code() {
        "42501" => Error::new(Kind::Server, format!("this login may not read {table} (SQLSTATE 42501)"))
            .help("connect as an administrator, or GRANT SELECT on it; row security may hide no row of it")
            .reported(refusal.into_report()),
        _ => refusal.error,
    }
}
