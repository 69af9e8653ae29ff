//! The files of other tools.

use std::fmt::Write;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use sha2::{Digest, Sha256, Sha384};

use super::super::split::{Piece, split};
use super::Tool;
use crate::error::{Error, Kind, Result};

/// One migration as its tool keeps it.
pub(super) struct Foreign {
    /// Its file or folder.
    pub(super) from: String,
    /// What the tool's table knows it by.
    pub(super) key: String,
    /// What it becomes.
    pub(super) id: String,
    pub(super) up: String,
    pub(super) down: Option<String>,
    /// The checksums that the tool may have kept of it, each as text.
    pub(super) checksums: Vec<String>,
}

/// A file's version and name, as its tool reads them.
struct Name {
    version: String,
    name: String,
}

/// Reads a tool's migrations, oldest first.
pub(super) fn read(tool: Tool, folder: &Path) -> Result<Vec<Foreign>> {
    let unreadable = |error| {
        Error::new(Kind::MigrationFile, format!("cannot read the folder {}", folder.display()))
            .help("name the folder of the tool's migrations with --dir")
            .caused_by(error)
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let read = match tool {
            Tool::Prisma => prisma(folder, &name),
            Tool::Sqlx => sqlx(folder, &name),
            Tool::Refinery => refinery(folder, &name),
            Tool::Diesel => diesel(folder, &name),
        };
        found.extend(read?);
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    if let Some([one, other]) = found.array_windows().find(|[one, other]| version(&one.id) == version(&other.id)) {
        return Err(Error::new(Kind::MigrationFile, format!("{} and {} have the same version", one.from, other.from))
            .help("give one of them a newer time, with the tool that made them"));
    }
    if found.is_empty() {
        return Err(Error::new(Kind::MigrationFile, format!("{} holds no migrations of that tool", folder.display()))
            .help("name the folder of the tool's migrations with --dir"));
    }
    Ok(found)
}

fn prisma(folder: &Path, folder_name: &str) -> Result<Option<Foreign>> {
    let file = folder.join(folder_name).join("migration.sql");
    let Some(name) = folder_name.split_once('_').filter(|_| file.is_file()) else { return Ok(None) };
    let up = text(&file)?;
    let lines = up.replace("\r\n", "\n");
    let variants = [up.clone(), lines.clone(), lines.replace('\n', "\r\n")];
    let checksums = variants.iter().map(|text| hex(&Sha256::digest(text.as_bytes()))).collect();
    let id = id(&Name { version: name.0.to_owned(), name: name.1.to_owned() }, folder_name)?;
    Ok(Some(Foreign { from: folder_name.to_owned(), key: folder_name.to_owned(), id, up, down: None, checksums }))
}

fn sqlx(folder: &Path, file_name: &str) -> Result<Option<Foreign>> {
    let stem = file_name
        .strip_suffix(".up.sql")
        .or_else(|| file_name.strip_suffix(".sql").filter(|stem| !stem.ends_with(".down")));
    let Some((version, name)) = stem.and_then(|stem| stem.split_once('_')) else { return Ok(None) };
    let up = text(&folder.join(file_name))?;
    let down = folder.join(format!("{version}_{name}.down.sql"));
    let down = down.is_file().then(|| text(&down)).transpose()?;
    let checksums = vec![hex(&Sha384::digest(up.as_bytes()))];
    // The version is a number to the tool: its table knows no zeros before it.
    let key = version.trim_start_matches('0').to_owned();
    let up = if up.starts_with("-- no-transaction") { alone(&up) } else { up };
    let id = id(&Name { version: version.to_owned(), name: name.to_owned() }, file_name)?;
    Ok(Some(Foreign { from: file_name.to_owned(), key, id, up, down, checksums }))
}

fn refinery(folder: &Path, file_name: &str) -> Result<Option<Foreign>> {
    let Some(stem) = file_name.strip_prefix('V').and_then(|name| name.strip_suffix(".sql")) else { return Ok(None) };
    let Some((version, name)) = stem.split_once("__") else { return Ok(None) };
    let up = text(&folder.join(file_name))?;
    let down = folder.join(format!("U{version}__{name}.sql"));
    let down = down.is_file().then(|| text(&down)).transpose()?;
    let checksums = siphashes(version, name, &up);
    let id = id(&Name { version: version.to_owned(), name: name.to_owned() }, file_name)?;
    Ok(Some(Foreign { from: file_name.to_owned(), key: version.to_owned(), id, up, down, checksums }))
}

fn diesel(folder: &Path, folder_name: &str) -> Result<Option<Foreign>> {
    let place = folder.join(folder_name);
    let Some((version, name)) = folder_name.split_once('_').filter(|_| place.join("up.sql").is_file()) else {
        return Ok(None);
    };
    let version = version.replace('-', "");
    let up = text(&place.join("up.sql"))?;
    let down = place.join("down.sql");
    let down = down.is_file().then(|| text(&down)).transpose()?;
    let settings = place.join("metadata.toml");
    let is_alone = settings.is_file()
        && text(&settings)?.lines().any(|line| {
            let words: String = line.split_whitespace().collect();
            words == "run_in_transaction=false"
        });
    let up = if is_alone { alone(&up) } else { up };
    let id = id(&Name { version: version.clone(), name: name.to_owned() }, folder_name)?;
    Ok(Some(Foreign { from: folder_name.to_owned(), key: version, id, up, down, checksums: Vec::new() }))
}

/// The SipHash-1-3 of name, version and text that refinery keeps, for versions of 32 and of 64 bits.
fn siphashes(version: &str, name: &str, up: &str) -> Vec<String> {
    let hash = |write: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        write(&mut hasher);
        up.hash(&mut hasher);
        hasher.finish().to_string()
    };
    let short = version.parse::<i32>().ok().map(|version| hash(&|hasher| version.hash(hasher)));
    let long = version.parse::<i64>().ok().map(|version| hash(&|hasher| version.hash(hasher)));
    short.into_iter().chain(long).collect()
}

/// A file that its tool ran outside of a transaction: each statement is a step of its own.
fn alone(up: &str) -> String {
    let mut text = String::with_capacity(up.len());
    let mut end = 0;
    for piece in split(up) {
        let Piece::Statement(statement) = piece else { continue };
        text.push_str("-- waygate:step autocommit\n");
        text.push_str(up.get(end..statement.end).unwrap_or(statement.text).trim_start());
        text.push('\n');
        end = statement.end;
    }
    text.push_str(up.get(end..).unwrap_or_default().trim_start());
    text
}

/// The migration's id: its version with 14 digits, and its name of a–z, 0–9 and underscores.
fn id(name: &Name, from: &str) -> Result<String> {
    let is_number = !name.version.is_empty() && name.version.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || name.version.len() > 14 {
        return Err(Error::new(Kind::MigrationFile, format!("{from}: its version is no number of at most 14 digits"))
            .help("rename it with the tool that made it"));
    }
    let words = name.name.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = if words.is_empty() { "migration".to_owned() } else { words.join("_") };
    Ok(format!("{:0>14}_{words}", name.version))
}

fn version(id: &str) -> &str {
    id.split_once('_').map_or(id, |(version, _)| version)
}

fn text(file: &Path) -> Result<String> {
    fs::read_to_string(file)
        .map_err(|error| Error::new(Kind::MigrationFile, format!("cannot read {}", file.display())).caused_by(error))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
