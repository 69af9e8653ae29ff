//! The tables in which other tools note what they applied.

use super::Tool;
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// A migration that a tool noted.
pub(super) struct Row {
    /// What it knows the migration by.
    pub(super) key: String,
    /// What it kept of the file, as text.
    pub(super) checksum: Option<String>,
    pub(super) is_finished: bool,
    pub(super) is_rolled_back: bool,
}

/// The tool's table.
pub(super) const fn name(tool: Tool) -> &'static str {
    match tool {
        Tool::Prisma => "_prisma_migrations",
        Tool::Sqlx => "_sqlx_migrations",
        Tool::Refinery => "refinery_schema_history",
        Tool::Diesel => "__diesel_schema_migrations",
    }
}

/// Key, checksum, whether it ended well, whether it was taken back.
const fn columns(tool: Tool) -> &'static str {
    match tool {
        // Old rows lack the zeros before a checksum.
        Tool::Prisma => {
            "migration_name, lpad(checksum, 64, '0'), finished_at IS NOT NULL OR rolled_back_at IS NOT NULL, \
             rolled_back_at IS NOT NULL"
        }
        Tool::Sqlx => "version::text, encode(checksum, 'hex'), success, false",
        Tool::Refinery => "version::text, checksum::text, true, false",
        Tool::Diesel => "version::text, NULL::text, true, false",
    }
}

/// What the tool noted in this database. It is read as the login itself: the table is whosever it is.
pub(super) async fn read(conn: &Maintenance, tool: Tool) -> Result<Vec<Row>> {
    let table = name(tool);
    let login = conn.beside().await?;
    let sql = format!("SELECT {} FROM public.\"{table}\" ORDER BY 1", columns(tool));
    let rows = login.rows(&sql, &[]).await.map_err(|refusal| match refusal.code() {
        "42P01" => Error::new(Kind::MigrationFile, format!("this database has no table public.{table}"))
            .help("check that the URL names the database that the tool deployed to")
            .reported(refusal.into_report()),
        "42501" => Error::new(Kind::Server, format!("this login may not read public.{table} (SQLSTATE 42501)"))
            .help("run the command as an administrator, with DATABASE_URL")
            .reported(refusal.into_report()),
        _ => refusal.error,
    })?;
    let rows = rows.iter().map(|row| {
        Ok(Row { key: row.read(0)?, checksum: row.read(1)?, is_finished: row.read(2)?, is_rolled_back: row.read(3)? })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    login.close().await;
    Ok(rows)
}
