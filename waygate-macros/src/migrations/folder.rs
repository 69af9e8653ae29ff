//! The folder, listed and checked.

use std::path::Path;
use std::{fs, io};

const MAX_ID: usize = 200;

/// A well-formed migration.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) id: String,
    /// The file that applies it.
    pub(super) up: &'static str,
    pub(super) has_down: bool,
}

/// The migrations of a folder, oldest first, or everything that is wrong with it.
///
/// Hidden folders and files that are not SQL, as a README, are left alone.
pub(super) fn list(folder: &Path) -> Result<Vec<Listed>, Vec<String>> {
    let mut names = names(folder)?;
    names.sort();
    let mut listed: Vec<Listed> = Vec::new();
    let mut faults = Vec::new();
    for name in names {
        let up = match check_name(&name).and_then(|()| find_up(folder, &name)) {
            Ok(up) => up,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        if let Some(twin) = listed.last().filter(|last| version(&last.id) == version(&name)) {
            faults.push(format!("migration {name} has the same version as {}; give one of them a newer time", twin.id));
        }
        listed.push(Listed { up, has_down: folder.join(&name).join("down.sql").is_file(), id: name });
    }
    if faults.is_empty() { Ok(listed) } else { Err(faults) }
}

/// The folders that must be migrations, and stray SQL files, which were meant to be.
fn names(folder: &Path) -> Result<Vec<String>, Vec<String>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(|e| {
        vec![format!(
            "cannot read the migrations folder {}: {e}; the path starts at the crate's root",
            folder.display()
        )]
    })?;
    let is_migration = |name: &str, path: &Path| {
        let is_sql = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql"));
        !name.starts_with('.') && (is_sql || path.is_dir())
    };
    Ok(entries
        .iter()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, path)| is_migration(name, path))
        .map(|(name, _)| name)
        .collect())
}

/// Rule: 14 digits, an underscore, a name of a–z, 0–9 and underscores. The digits order the migrations.
fn check_name(name: &str) -> Result<(), String> {
    let fits = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let well_formed = name.split_once('_').is_some_and(|(version, rest)| {
        version.len() == 14 && version.bytes().all(|b| b.is_ascii_digit()) && fits(rest)
    });
    if well_formed && name.len() <= MAX_ID {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not a migration's folder: name it YYYYMMDDHHMMSS_name, the time in UTC, the name of a-z, 0-9 and _"
    ))
}

/// Rule: what applies a migration is its `up.sql`, or its `migration.sql`, as Prisma calls it.
fn find_up(folder: &Path, name: &str) -> Result<&'static str, String> {
    let mut known = ["up.sql", "migration.sql"].into_iter();
    known.find(|file| folder.join(name).join(file).is_file()).ok_or_else(|| format!("migration {name} has no up.sql"))
}

fn version(id: &str) -> &str {
    id.split_once('_').map_or(id, |(version, _)| version)
}

#[cfg(test)]
mod tests;
