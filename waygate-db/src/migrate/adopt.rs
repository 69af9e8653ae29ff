//! Histories of other tools, taken over: their files become migrations, and what they applied counts as applied.
//!
//! Nothing is run. Each applied file has to be the one that was applied, as far as its tool kept a checksum; the rows of
//! the ledger are written in one transaction, or none is. The tool's own table stays as it is.

mod files;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;

use super::file::Migration;
use super::{ledger, lock};
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

use files::Foreign;
use table::Row;

/// A tool whose history can be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// Prisma: `prisma/migrations/<time>_<name>/migration.sql`, `_prisma_migrations`.
    Prisma,
    /// sqlx: `migrations/<version>_<name>.sql` or `.up.sql` and `.down.sql`, `_sqlx_migrations`.
    Sqlx,
    /// refinery: `migrations/V<version>__<name>.sql`, `refinery_schema_history`.
    Refinery,
    /// diesel: `migrations/<time>_<name>/up.sql` and `down.sql`, `__diesel_schema_migrations`.
    Diesel,
}

/// What taking a history over would do, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adoption {
    /// The tool.
    pub tool: Tool,
    /// Each migration, oldest first.
    pub migrations: Vec<Adopted>,
    /// The tool's own table, which stays.
    pub table: &'static str,
    /// What is unusual but no reason to stop.
    pub warnings: Vec<String>,
    #[serde(skip)]
    files: Vec<Migration>,
}

/// One migration of another tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// Its file or folder.
    pub from: String,
    /// The migration that it becomes.
    pub id: String,
    /// Whether the tool applied it to this database; else the next deploy does.
    pub applied: bool,
}

impl Tool {
    /// The folder in which the tool keeps its files, where nobody says another.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Prisma => "prisma/migrations",
            Self::Sqlx | Self::Refinery | Self::Diesel => "migrations",
        }
    }
}

impl FromStr for Tool {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "prisma" => Ok(Self::Prisma),
            "sqlx" => Ok(Self::Sqlx),
            "refinery" => Ok(Self::Refinery),
            "diesel" => Ok(Self::Diesel),
            _ => Err(Error::new(Kind::Config, "the tool is prisma, sqlx, refinery or diesel")),
        }
    }
}

impl Adoption {
    /// Reads a tool's files and its table in this database, and decides what becomes of each.
    ///
    /// # Errors
    ///
    /// [`is_migration_file`](Error::is_migration_file) when files and table do not fit (a file that was edited or is gone
    /// after it was applied, a migration that failed half-way, two of one version), naming each; or when the ledger holds
    /// migrations already.
    pub async fn plan(conn: &Maintenance, tool: Tool, folder: &Path) -> Result<Self> {
        if !ledger::read(conn).await?.is_empty() {
            return Err(Error::new(
                Kind::MigrationFile,
                "this database has a ledger with migrations: its history was taken over",
            )
            .help("`migrate status` shows it"));
        }
        let files = files::read(tool, folder)?;
        let rows = table::read(conn, tool).await?;
        let mut faults = Vec::new();
        let mut warnings = Vec::new();
        let known: BTreeMap<&str, &Foreign> = files.iter().map(|file| (file.key.as_str(), file)).collect();
        let mut applied: Vec<&str> = Vec::new();
        for row in rows.iter().filter(|row| !row.is_rolled_back) {
            match known.get(row.key.as_str()) {
                _ if !row.is_finished => faults.push(format!("{} failed half-way, or still runs", row.key)),
                None => faults.push(format!("{} was applied, and its file is not in {}", row.key, folder.display())),
                Some(file) if !row.fits(file) => faults.push(format!("{} was edited after it was applied", file.from)),
                Some(file) => applied.push(&file.key),
            }
        }
        if rows.is_empty() {
            warnings.push(format!("{} holds nothing: every migration will be pending", table::name(tool)));
        }
        let first_pending = files.iter().find(|file| !applied.contains(&file.key.as_str()));
        if let Some(pending) = first_pending
            && let Some(later) = files.iter().find(|file| file.id > pending.id && applied.contains(&file.key.as_str()))
        {
            faults.push(format!("{} is not applied, but {}, which is newer, is", pending.from, later.from));
        }
        if !faults.is_empty() {
            let message = format!("the history cannot be taken over: {}. Nothing was changed", faults.join("; "));
            return Err(Error::new(Kind::MigrationFile, message)
                .help("put the history right with the tool that made it, then run the command again"));
        }
        let migrations = files.iter().map(|file| Adopted {
            from: file.from.clone(),
            id: file.id.clone(),
            applied: applied.contains(&file.key.as_str()),
        });
        let migrations = migrations.collect();
        let files = files.into_iter().map(|file| Migration::read(file.id, file.up, file.down)).collect();
        Ok(Self { tool, migrations, table: table::name(tool), warnings, files })
    }

    /// Writes the migrations into this folder, unless they are there, and the rows of those that were applied into the
    /// ledger. Returns the files.
    ///
    /// # Errors
    ///
    /// [`is_migration_file`](Error::is_migration_file) when a file cannot be written,
    /// [`is_migration_locked`](Error::is_migration_locked) when a deploy is under way.
    pub async fn carry_out(&self, conn: &Maintenance, folder: &Path) -> Result<Vec<PathBuf>> {
        self.files.iter().try_for_each(Migration::check)?;
        let mut written = Vec::new();
        for file in &self.files {
            if !folder.join(file.id()).exists() {
                written.extend(super::write::write(folder, file.id(), &file.up(), file.down().as_deref())?);
            }
        }
        lock::take(conn, Duration::from_secs(30), &mut |_| {}).await?;
        let recorded = self.record(conn).await;
        lock::release(conn).await?;
        recorded.map(|()| written)
    }

    async fn record(&self, conn: &Maintenance) -> Result<()> {
        conn.renew().await?;
        conn.run("BEGIN").await?;
        let record = async || -> Result<()> {
            ledger::ensure(conn).await?;
            for (file, adopted) in self.files.iter().zip(&self.migrations) {
                if adopted.applied {
                    ledger::record(conn, file, Duration::ZERO, "adopt").await?;
                }
            }
            Ok(())
        };
        match record().await {
            Ok(()) => conn.run("COMMIT").await.map_err(Error::from),
            Err(error) => {
                conn.run("ROLLBACK").await.ok();
                Err(error)
            }
        }
    }
}

impl Row {
    /// Whether the file is the one that was applied, as far as its tool kept a checksum.
    fn fits(&self, file: &Foreign) -> bool {
        self.checksum.as_ref().is_none_or(|checksum| file.checksums.contains(checksum))
    }
}
