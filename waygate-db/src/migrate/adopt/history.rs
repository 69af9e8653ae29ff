//! The history tables of other tools.

use postgres_types::Type;

use super::Tool;
use crate::error::{Error, Kind, Result};
use crate::schema::roles::OWNER;
use crate::session::{Maintenance, Tuple};

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

/// Row security that hid rows would make applied migrations look pending: the server refuses instead.
const ALL_ROWS: &str = "SET row_security = off";

/// The tool's table in this database, and its rows.
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
    let rows = rows(conn, &name, &select(tool, &name)).await?;
    let row =
        |row: &Tuple| Ok(Row { key: row.read(0)?, name: row.read(1)?, checksum: row.read(2)?, failure: row.read(3)? });
    Ok((name, rows.iter().map(row).collect::<Result<_>>()?))
}

/// The rows as the owner sees them, else as the login does: the table need not be the owner's.
async fn rows(conn: &Maintenance, table: &str, select: &str) -> Result<Vec<Tuple>> {
    conn.run(ALL_ROWS).await?;
    let refusal = match conn.rows(select, &[]).await {
        Ok(rows) => return Ok(rows),
        Err(refusal) if refusal.code() == "42501" => refusal,
        Err(refusal) => return Err(refusal.error),
    };
    let login = conn.beside().await?;
    login.run(ALL_ROWS).await?;
    let rows = login.rows(select, &[]).await;
    login.close().await;
    rows.map_err(|_| {
        let message = format!("the rows of {table} cannot all be read: {}", refusal.error.message());
        Error::new(Kind::Server, message)
            .help(format!("connect as an administrator, or GRANT SELECT ON {table} TO {OWNER}; no row security may hide rows of it"))
            .reported(refusal.into_report())
    })
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
