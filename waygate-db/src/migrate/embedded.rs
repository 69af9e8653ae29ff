//! Migrations that are part of the program, and the folder that they came from.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;

use super::file::Migration;
use crate::error::{Error, Kind, Result};

/// The migrations that a program was compiled with, oldest first: a slice of them, made by the macro `migrations!`.
///
/// ```
/// use waygate_db::migrate::Embedded;
///
/// // In a project: `waygate_db::migrations!("migrations")`.
/// static MIGRATIONS: &Embedded = Embedded::NONE;
/// assert_eq!(MIGRATIONS.len(), 0);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    folder: Option<&'static str>,
    migrations: &'static [Migration],
}

impl Embedded {
    /// No migrations, from no folder.
    pub const NONE: &'static Self = &Self::new(None, &[]);

    /// These migrations, which were in this folder; use the macro `migrations!`.
    #[must_use]
    pub const fn new(folder: Option<&'static str>, migrations: &'static [Migration]) -> Self {
        Self { folder, migrations }
    }

    /// The folder that the migrations were in when the program was compiled; `None` in a program without debug
    /// assertions, which may run anywhere.
    #[must_use]
    pub fn folder(&self) -> Option<&'static Path> {
        self.folder.map(Path::new)
    }

    /// Checks that the folder, where it is known and there, still holds what the program was compiled with. The kit's
    /// commands ask before they deploy.
    ///
    /// # Errors
    ///
    /// [`is_migration_file`](Error::is_migration_file) when the folder holds other migrations, which are named, or is
    /// malformed by now.
    pub fn check_fresh(&self) -> Result<()> {
        let Some(folder) = self.folder().filter(|folder| folder.is_dir()) else { return Ok(()) };
        let differences = differences(self.migrations, &Migration::read_dir(folder)?);
        if differences.is_empty() {
            return Ok(());
        }
        let message = format!(
            "this program was compiled with other migrations than {} holds: {}",
            folder.display(),
            differences.join("; ")
        );
        Err(Error::new(Kind::MigrationFile, message).help(
            "build it again, `touch build.rs && cargo build`; cargo sees it by itself when build.rs prints \
             cargo:rerun-if-changed with the folder's name",
        ))
    }
}

impl Deref for Embedded {
    type Target = [Migration];

    fn deref(&self) -> &[Migration] {
        self.migrations
    }
}

/// What differs between the program and the folder, oldest first.
fn differences(embedded: &[Migration], folder: &[Migration]) -> Vec<String> {
    let mut sides: BTreeMap<&str, (Option<&Migration>, Option<&Migration>)> = BTreeMap::new();
    for migration in embedded {
        sides.entry(migration.id()).or_default().0 = Some(migration);
    }
    for migration in folder {
        sides.entry(migration.id()).or_default().1 = Some(migration);
    }
    let difference = |(id, sides): (&str, (Option<&Migration>, Option<&Migration>))| match sides {
        (Some(embedded), Some(file)) if embedded.checksum() == file.checksum() => None,
        (Some(_), Some(_)) => Some(format!("{id} was edited since")),
        (None, _) => Some(format!("{id} is new")),
        (_, None) => Some(format!("{id} is gone")),
    };
    sides.into_iter().filter_map(difference).collect()
}
