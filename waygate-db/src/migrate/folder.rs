//! Reading a folder of migrations when the program runs.

use std::fs;
use std::io;
use std::path::Path;

use super::file::{Migration, NAMING, is_id};
use crate::error::{Error, Kind, Result};

impl Migration {
    /// Reads the migrations of a folder, oldest first.
    ///
    /// Other files in the folder, as a README, and hidden folders are left alone.
    ///
    /// # Errors
    ///
    /// [`is_migration_file`](Error::is_migration_file) when the folder or a file cannot be read, a folder's name is
    /// malformed, two share a version, or one lacks its `up.sql`, which may also be called `migration.sql`; every such
    /// file is named.
    pub fn read_dir(folder: impl AsRef<Path>) -> Result<Vec<Self>> {
        let folder = folder.as_ref();
        let mut names = folder_names(folder).map_err(|e| {
            Error::new(Kind::MigrationFile, format!("cannot read the migrations folder {}", folder.display()))
                .help("run the command in the project's folder, or name the migrations folder")
                .caused_by(e)
        })?;
        names.sort();
        let mut migrations: Vec<Self> = Vec::with_capacity(names.len());
        let mut faults = Vec::new();
        for name in names {
            if !is_id(&name) {
                faults.push(format!("{name}: not a migration's name; {NAMING}"));
                continue;
            }
            match read(folder, name) {
                Ok(migration) => {
                    if let Some(twin) = migrations.last().filter(|last| last.version() == migration.version()) {
                        faults.push(format!(
                            "{}: the same version as {}; give one a newer time",
                            migration.id(),
                            twin.id()
                        ));
                    }
                    migrations.push(migration);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            return Ok(migrations);
        }
        let message = format!("the migrations folder {} is malformed:\n  {}", folder.display(), faults.join("\n  "));
        Err(Error::new(Kind::MigrationFile, message))
    }
}

/// The folders that must be migrations, and stray SQL files, which were meant to be.
fn folder_names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_sql = Path::new(&name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql"));
        // `metadata` of the path follows symbolic links; that of the entry does not.
        if !name.starts_with('.') && (is_sql || fs::metadata(entry.path())?.is_dir()) {
            names.push(name);
        }
    }
    Ok(names)
}

fn read(folder: &Path, id: String) -> Result<Migration, String> {
    let text = |file: &str| fs::read_to_string(folder.join(&id).join(file));
    let up = match text("up.sql") {
        // Prisma's name for it.
        Err(e) if e.kind() == io::ErrorKind::NotFound => text("migration.sql"),
        up => up,
    };
    let up = up.map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => format!("{id}: has no up.sql"),
        _ => format!("{id}/up.sql: {e}"),
    })?;
    let down = match text("down.sql") {
        Ok(down) => Some(down),
        Err(e) if e.kind() == io::ErrorKind::NotFound => None,
        Err(e) => return Err(format!("{id}/down.sql: {e}")),
    };
    Ok(Migration::read(id, up, down))
}
