//! Replacing the first migrations of a folder by one.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::file::{Migration, is_id};
use super::replaced::Replaced;
use super::resolve::{file, refused};
use crate::error::{Error, Kind, Result};

/// What a squash did to a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Squashed {
    /// The new migration.
    pub id: String,
    /// Those that it stands for; their folders are gone.
    pub replaces: Vec<String>,
}

/// Replaces the migrations of a folder up to this one by one of this name, whose SQL makes what they make together.
///
/// Its file names those that it stands for, with their checksums: a database on which all of them are applied takes it as
/// applied, one without any of them runs it, and one in between is told to deploy the version before first. It takes the
/// time of the last of them, so that it stays in its place.
///
/// # Errors
///
/// [`is_migration_file`](Error::is_migration_file) when the folder is malformed, has no such migration or only that one,
/// when the name is no name or taken, or the SQL is none that a deploy runs. [`is_io`](Error::is_io) when the new folder
/// cannot be written, and the old ones are as they were.
pub fn squash(folder: impl AsRef<Path>, through: &str, name: &str, sql: &str) -> Result<Squashed> {
    let folder = folder.as_ref();
    let files = Migration::read_dir(folder)?;
    let last = file(&files, through)?;
    let replaced: Vec<&Migration> = files.iter().filter(|file| file.id() <= through).collect();
    let id = format!("{}_{name}", last.version());
    if replaced.len() < 2 {
        return Err(refused(
            &format!("{through} is the first migration"),
            "name a later one: a squash makes one of several",
        ));
    }
    if !is_id(&id) {
        return Err(refused(&format!("{name:?} is no name for a migration"), "write it of a–z, 0–9 and _"));
    }
    if id == through {
        return Err(refused(&format!("{id} is there already"), "choose another name: the ledgers know that one"));
    }
    let lines: String = replaced.iter().map(|file| Replaced::by(file).line()).collect();
    let up = format!("{lines}\n{}\n", sql.trim());
    let squashed = Migration::read(id.clone(), up.clone(), None);
    squashed.check()?;
    // The new one first, under a name that nobody reads until it is whole: the old ones go only then.
    let draft = folder.join(format!(".{id}"));
    write(&draft, &folder.join(&id), &up).map_err(|error| failed(&id, error))?;
    for file in &replaced {
        fs::remove_dir_all(folder.join(file.id())).map_err(|error| failed(file.id(), error))?;
    }
    Ok(Squashed { id, replaces: replaced.iter().map(|file| file.id().to_owned()).collect() })
}

fn write(draft: &Path, folder: &Path, up: &str) -> io::Result<()> {
    fs::create_dir_all(draft)?;
    fs::write(draft.join("up.sql"), up)?;
    fs::rename(draft, folder)
}

fn failed(id: &str, error: io::Error) -> Error {
    Error::new(Kind::Io, format!("the squash stopped at {id}: {error}"))
        .help("restore the migrations folder from version control, and try again")
        .caused_by(error)
}
