//! Taking over the migrations of another tool: its files become this one's, and what it has applied stays applied.
//!
//! The other tool's layout is read (`layout`), each file gets an id of this runner's form in the same order (`ids`), the
//! other tool's history says what was applied (`history`) and that it was these very texts (`checksum`). Only when all of
//! that fits are files written and rows of the ledger recorded, all of them in one transaction under the deploy lock.

mod checksum;
mod history;
mod ids;
mod layout;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::deploy::DeployOptions;
use super::file::Migration;
use super::split::{Piece, split};
use super::write::write;
use super::{ledger, lock, snapshot};
use crate::error::{Error, Kind, Result};
use crate::schema::roles::OWNER;
use crate::session::Maintenance;

use history::Row;
use layout::Old;

/// A tool whose migrations can be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Tool {
    /// Prisma: a folder for each migration, with its `migration.sql`.
    Prisma,
    /// sqlx: `<version>_<name>.sql`, or `.up.sql` and `.down.sql`.
    Sqlx,
    /// refinery: `V<version>__<name>.sql` and `U<version>__<name>.sql`.
    Refinery,
    /// Diesel: a folder for each migration, with `up.sql` and `down.sql`.
    Diesel,
}

/// From where to where migrations are taken over.
#[derive(Debug, Clone, Copy)]
pub struct Adoption<'a> {
    /// Whose they are.
    pub tool: Tool,
    /// The other tool's folder.
    pub from: &'a Path,
    /// This project's folder of migrations. Where it is the same, the files stay as they are.
    pub to: &'a Path,
    /// Check all and write nothing.
    pub dry_run: bool,
}

/// What was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// Whose migrations they were.
    pub tool: Tool,
    /// The other tool's history table, which stays as it is; `None` without a database.
    pub table: Option<String>,
    /// The migrations, in order.
    pub migrations: Vec<AdoptedMigration>,
    /// What is unusual but no reason to stop.
    pub warnings: Vec<String>,
    /// Whether nothing was written because nothing was to be.
    pub dry_run: bool,
}

/// One migration that was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdoptedMigration {
    /// What the other tool calls it.
    pub original: String,
    /// Its id from now on.
    pub id: String,
    /// Whether the other tool has applied it, so that the ledger has a row for it now.
    pub applied: bool,
    /// Whether its text had to be divided into steps: it runs outside of a transaction.
    pub divided: bool,
    /// Whether its file was written; what stood there already is left alone.
    pub written: bool,
}

impl Tool {
    /// The tool's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prisma => "Prisma",
            Self::Sqlx => "sqlx",
            Self::Refinery => "refinery",
            Self::Diesel => "Diesel",
        }
    }

    /// The folder in which it keeps its migrations where nobody says otherwise.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Prisma => "prisma/migrations",
            Self::Sqlx | Self::Refinery | Self::Diesel => "migrations",
        }
    }
}

/// Takes over another tool's migrations: writes their files, and records those that it has applied to this database as
/// applied. Without a database only the files are written.
///
/// # Errors
///
/// [`is_migration_file`](Error::is_migration_file) when the other tool's folder cannot be understood, or its history does
/// not fit the files: a migration failed or was left half-way, was edited after it was applied, has no file, or is
/// pending although a newer one is applied. [`is_config`](Error::is_config) when the database has no history of that
/// tool. In all cases nothing is recorded and no file is written.
pub async fn adopt(adoption: Adoption<'_>, conn: Option<&mut Maintenance>) -> Result<Adopted> {
    let files = layout::read(adoption.tool, adoption.from)?;
    let migrations = migrations(&files);
    let Some(conn) = conn else {
        let mut adopted = adoption.plan(&files, &migrations, &[])?;
        adopted.warnings.insert(0, "no database is configured: only files were looked at".to_owned());
        adoption.write(&migrations, &mut adopted)?;
        return Ok(adopted);
    };
    lock::take(conn, DeployOptions::default().lock_wait, &mut |_| {}).await?;
    let outcome = adoption.with_database(&files, &migrations, conn).await;
    // The first error is the one to tell; a broken connection has released the lock by itself.
    let released = lock::release(conn).await;
    let adopted = outcome?;
    released?;
    Ok(adopted)
}

/// The migrations that the files become.
fn migrations(files: &[Old]) -> Vec<Migration> {
    let ids = ids::map(files);
    let texts = files.iter().map(|file| if file.is_alone { alone(&file.text) } else { file.text.clone() });
    ids.into_iter().zip(texts).zip(files).map(|((id, up), file)| Migration::read(id, up, file.down.clone())).collect()
}

/// A text whose statements run outside of any transaction, each a step of its own.
fn alone(text: &str) -> String {
    let mut divided = String::new();
    let mut end = 0;
    for piece in split(text) {
        let Piece::Statement(statement) = piece else { continue };
        let before = text.get(end..statement.offset).unwrap_or_default();
        divided.push_str(before);
        if !before.is_empty() && !before.ends_with('\n') || before.is_empty() && end > 0 {
            divided.push('\n');
        }
        divided.push_str("-- waygate:step autocommit\n");
        divided.push_str(text.get(statement.offset..statement.end).unwrap_or_default());
        end = statement.end;
    }
    divided.push_str(text.get(end..).unwrap_or_default());
    divided
}

impl Adoption<'_> {
    async fn with_database(&self, files: &[Old], migrations: &[Migration], conn: &Maintenance) -> Result<Adopted> {
        let (table, rows) = history::read(self.tool, conn).await?;
        let mut adopted = self.plan(files, migrations, &rows)?;
        adopted.table = Some(table);
        adopted.warnings.extend(strangers(conn).await?);
        let recorded = self.recorded(migrations, &adopted, conn).await?;
        if !adopted.migrations.iter().any(|one| one.applied) {
            adopted.warnings.push(format!(
                "{} has applied nothing here: drop {} before the first deploy, which wants a database without strangers",
                self.tool.as_str(),
                adopted.table.as_deref().unwrap_or_default()
            ));
        }
        let written = self.write(migrations, &mut adopted)?;
        if self.dry_run {
            return Ok(adopted);
        }
        let missing = migrations
            .iter()
            .zip(&adopted.migrations)
            .filter(|(migration, one)| one.applied && !recorded.contains_key(migration.id()));
        let missing: Vec<&Migration> = missing.map(|(migration, _)| migration).collect();
        if let Err(error) = record(conn, &missing).await {
            conn.run("ROLLBACK").await.ok();
            remove(&written);
            return Err(error);
        }
        Ok(adopted)
    }

    /// Checks that history and files fit.
    fn plan(&self, files: &[Old], migrations: &[Migration], rows: &[Row]) -> Result<Adopted> {
        let mut faults: Vec<String> = rows.iter().filter_map(|row| row.failure.clone()).collect();
        for row in rows {
            match files.iter().find(|file| file.key == row.key) {
                None => faults.push(format!("{} is applied, but its file is gone", row.key)),
                Some(file) if row.failure.is_none() && !checksum::fits(self.tool, file, row) => {
                    faults.push(format!("{} was edited after it was applied", file.place));
                }
                Some(_) => {}
            }
        }
        let applied: Vec<bool> = files.iter().map(|file| rows.iter().any(|row| row.key == file.key)).collect();
        if let Some(newest) = applied.iter().rposition(|applied| *applied) {
            let late = files.iter().zip(&applied).take(newest).filter(|(_, applied)| !**applied);
            faults.extend(late.map(|(file, _)| format!("{} is not applied, but a newer one is", file.place)));
        }
        if !faults.is_empty() {
            let message = format!(
                "the history of {} does not fit its files: {}. Nothing was changed",
                self.tool.as_str(),
                faults.join("; ")
            );
            return Err(Error::new(Kind::MigrationFile, message).help(
                "put it right with the tool itself, so that it finds nothing to complain about, and adopt again",
            ));
        }
        let warnings = migrations.iter().filter_map(|one| one.check().err()).map(|error| error.to_string()).collect();
        let migrations =
            files.iter().zip(migrations).zip(applied).map(|((file, migration), applied)| AdoptedMigration {
                original: file.place.clone(),
                id: migration.id().to_owned(),
                applied,
                divided: file.is_alone,
                written: false,
            });
        Ok(Adopted { tool: self.tool, table: None, migrations: migrations.collect(), warnings, dry_run: self.dry_run })
    }

    /// What the ledger has of these already, which has to be the same.
    async fn recorded(
        &self,
        migrations: &[Migration],
        adopted: &Adopted,
        conn: &Maintenance,
    ) -> Result<BTreeMap<String, [u8; 32]>> {
        let rows = ledger::read(conn).await?;
        let known: BTreeMap<String, [u8; 32]> = rows.into_iter().map(|row| (row.id, row.checksum)).collect();
        let fits = |(id, checksum): (&String, &[u8; 32])| {
            migrations
                .iter()
                .zip(&adopted.migrations)
                .any(|(migration, one)| one.applied && migration.id() == id && migration.checksum() == *checksum)
        };
        if let Some((id, _)) = known.iter().find(|one| !fits(*one)) {
            let message = format!("this database has migrations of its own already, as {id}. Nothing was changed");
            return Err(Error::new(Kind::MigrationFile, message)
                .help("adopt into a database that was never deployed to, or go on with `migrate deploy`"));
        }
        Ok(known)
    }

    /// Writes the files that are not there, and returns their folders.
    fn write(&self, migrations: &[Migration], adopted: &mut Adopted) -> Result<Vec<PathBuf>> {
        let present = if self.to.is_dir() && (!self.is_in_place() || self.is_readable()) {
            Migration::read_dir(self.to)?
        } else if self.is_in_place() {
            let message = format!("{} holds files that are to become folders of the same place", self.to.display());
            return Err(Error::new(Kind::Config, message)
                .help("move the old ones away first, `git mv migrations migrations-old`, and name them with --dir"));
        } else {
            Vec::new()
        };
        let find = |id: &str| present.iter().find(|one| one.id() == id);
        if let Some(other) = migrations.iter().find(|one| find(one.id()).is_some_and(|there| there.up() != one.up())) {
            let message = format!("{} has another {} already. Nothing was changed", self.to.display(), other.id());
            return Err(Error::new(Kind::MigrationFile, message).help("name another folder with --out"));
        }
        let mut written = Vec::new();
        for (migration, one) in migrations.iter().zip(&mut adopted.migrations) {
            if find(migration.id()).is_some() {
                continue;
            }
            one.written = true;
            if self.dry_run {
                continue;
            }
            let (up, down) = (migration.texts().0, migration.texts().1);
            if let Err(error) = write(self.to, migration.id(), up, down) {
                remove(&written);
                return Err(error);
            }
            written.push(self.to.join(migration.id()));
        }
        Ok(written)
    }

    /// Whether both folders are one.
    fn is_in_place(&self) -> bool {
        match (self.from.canonicalize(), self.to.canonicalize()) {
            (Ok(from), Ok(to)) => from == to,
            _ => false,
        }
    }

    /// Whether this runner reads the other tool's folder as it is.
    fn is_readable(&self) -> bool {
        Migration::read_dir(self.to).is_ok()
    }
}

/// Records migrations as applied, in one transaction, with the schema as it is now.
async fn record(conn: &Maintenance, migrations: &[&Migration]) -> Result<()> {
    let Some(last) = migrations.last() else { return Ok(()) };
    conn.renew().await?;
    conn.run("BEGIN").await?;
    ledger::ensure(conn).await?;
    for migration in migrations {
        ledger::record(conn, migration, Duration::ZERO, "adopt").await?;
    }
    snapshot::take(conn, last.id()).await?;
    conn.run("COMMIT").await?;
    Ok(())
}

/// Words about tables that later migrations may not change, because they are another role's.
async fn strangers(conn: &Maintenance) -> Result<Option<String>> {
    let sql = "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ', '), count(*)
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
          AND pg_get_userbyid(relowner) <> $1";
    let rows = conn.rows(sql, &[(&OWNER, postgres_types::Type::TEXT)]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (owners, count): (Option<String>, i64) = (row.read(0)?, row.read(1)?);
    Ok(owners.map(|owners| {
        format!(
            "{count} tables belong to {owners}, and migrations run as {OWNER}: as an administrator, \
             REASSIGN OWNED BY {owners} TO {OWNER}, or ALTER TABLE … OWNER TO {OWNER} one by one"
        )
    }))
}

/// Takes away what was written just now.
fn remove(folders: &[PathBuf]) {
    for folder in folders {
        fs::remove_dir_all(folder).unwrap_or_default();
    }
}
