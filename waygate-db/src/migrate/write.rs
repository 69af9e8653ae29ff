//! Writing a new migration's folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::file::Migration;
use crate::error::{Error, Kind, Result};

/// The form of a version: the time in UTC.
const VERSION: &str = "%Y%m%d%H%M%S";
/// The longest name behind the version.
const LONGEST: usize = 80;

/// The id of a new migration: the time, or a second after the newest one where that is later, and the name.
///
/// # Errors
///
/// [`is_config`](Error::is_config) when the name has no letter or digit.
pub(crate) fn new_id(name: &str, existing: &[Migration], now: DateTime<Utc>) -> Result<String> {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut slug = words.join("_");
    slug.truncate(LONGEST);
    if slug.is_empty() {
        return Err(Error::new(Kind::Config, "the migration's name has no letter of a–z and no digit")
            .help("name it after what it does, as in --name add_region"));
    }
    let newest = existing.iter().map(Migration::version).max();
    let now = now.format(VERSION).to_string();
    let version = match newest {
        Some(newest) if now.as_str() <= newest => after(newest),
        _ => now,
    };
    Ok(format!("{version}_{slug}"))
}

/// The version a second after this one. One that is no time is counted up as a number.
fn after(version: &str) -> String {
    let time = NaiveDateTime::parse_from_str(version, VERSION).ok();
    match time.and_then(|time| time.checked_add_signed(TimeDelta::seconds(1))) {
        Some(next) => next.format(VERSION).to_string(),
        None => format!("{:014}", version.parse::<u64>().unwrap_or_default().saturating_add(1)),
    }
}

/// Writes a migration's folder, whole or not at all, and returns the files.
///
/// # Errors
///
/// [`is_migration_file`](Error::is_migration_file) when a folder of this name is there or cannot be written.
pub(crate) fn write(folder: &Path, id: &str, up: &str, down: Option<&str>) -> Result<Vec<PathBuf>> {
    let (unfinished, finished) = (folder.join(format!(".{id}")), folder.join(id));
    let result = write_in(&unfinished, up, down).and_then(|()| {
        if finished.exists() { Err(io::ErrorKind::AlreadyExists.into()) } else { fs::rename(&unfinished, &finished) }
    });
    if let Err(error) = result {
        fs::remove_dir_all(&unfinished).ok();
        let message = format!("cannot write the migration {}", finished.display());
        return Err(Error::new(Kind::MigrationFile, message)
            .help("run the command in the project's folder, where the migrations are")
            .caused_by(error));
    }
    let names = ["up.sql"].into_iter().chain(down.map(|_| "down.sql"));
    Ok(names.map(|name| finished.join(name)).collect())
}

fn write_in(folder: &Path, up: &str, down: Option<&str>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("up.sql"), up)?;
    down.map_or(Ok(()), |down| fs::write(folder.join("down.sql"), down))
}
