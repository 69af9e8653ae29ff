//! The files of other tools.

use std::fs;
use std::io;
use std::path::Path;

use super::Tool;
use crate::error::{Error, Kind, Result};

/// Another tool's migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Old {
    /// Its file or folder, for messages.
    pub(super) place: String,
    /// What the tool's history calls it.
    pub(super) key: String,
    /// Its version's digits; empty where it has none.
    pub(super) digits: String,
    pub(super) name: String,
    pub(super) text: String,
    pub(super) down: Option<String>,
    /// Whether it runs outside of a transaction.
    pub(super) is_alone: bool,
}

/// Reads a folder, in the order in which its tool applies it.
pub(super) fn read(tool: Tool, folder: &Path) -> Result<Vec<Old>> {
    let unreadable = |error: io::Error| {
        Error::new(
            Kind::MigrationFile,
            format!("cannot read the migrations of {} in {}", tool.as_str(), folder.display()),
        )
        .help("name their folder with --dir")
        .caused_by(error)
    };
    let mut names = names(folder).map_err(unreadable)?;
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let old = match tool {
            Tool::Prisma => prisma(folder, &name),
            Tool::Sqlx => sqlx(folder, &name),
            Tool::Refinery => refinery(folder, &name),
            Tool::Diesel => diesel(folder, &name),
        };
        found.extend(old.map_err(unreadable)?);
    }
    // Prisma goes by the names, the others by the numbers.
    if tool != Tool::Prisma {
        found.sort_by_key(|old: &Old| number(&old.digits));
    }
    if let Some(twins) = found.windows(2).find(|pair| matches!(pair, [one, other] if one.key == other.key)) {
        let places: Vec<&str> = twins.iter().map(|old| old.place.as_str()).collect();
        return Err(Error::new(Kind::MigrationFile, format!("{} have the same version", places.join(" and "))));
    }
    if found.is_empty() {
        let message = format!("{} holds no migrations of {}", folder.display(), tool.as_str());
        return Err(Error::new(Kind::MigrationFile, message).help("name their folder with --dir"));
    }
    Ok(found)
}

/// What a version's digits come to.
pub(super) fn number(digits: &str) -> u128 {
    digits.parse().unwrap_or_default()
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    names.filter(|name| name.as_ref().map_or(true, |name| !name.starts_with('.'))).collect()
}

/// `<time>_<name>/migration.sql`
fn prisma(folder: &Path, name: &str) -> io::Result<Option<Old>> {
    let Some(text) = optional(&folder.join(name).join("migration.sql"))? else { return Ok(None) };
    let down = optional(&folder.join(name).join("down.sql"))?;
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let rest = name.strip_prefix(&digits).unwrap_or_default().trim_start_matches('_').to_owned();
    let place = format!("{name}/migration.sql");
    Ok(Some(Old { place, key: name.to_owned(), digits, name: rest, text, down, is_alone: false }))
}

/// `<number>_<name>.sql`, or `.up.sql` beside `.down.sql`
fn sqlx(folder: &Path, name: &str) -> io::Result<Option<Old>> {
    let Some(stem) = name.strip_suffix(".sql").filter(|stem| stem.strip_suffix(".down").is_none()) else {
        return Ok(None);
    };
    let (up, is_reversible) = stem.strip_suffix(".up").map_or((stem, false), |up| (up, true));
    let Some((digits, rest)) = up.split_once('_').filter(|(digits, _)| is_number(digits)) else { return Ok(None) };
    let text = fs::read_to_string(folder.join(name))?;
    let down = if is_reversible { optional(&folder.join(format!("{up}.down.sql")))? } else { None };
    let is_alone = text.starts_with("-- no-transaction");
    let key = number(digits).to_string();
    Ok(Some(Old {
        place: name.to_owned(),
        key,
        digits: digits.to_owned(),
        name: rest.to_owned(),
        text,
        down,
        is_alone,
    }))
}

/// `V<number>__<name>.sql`; U in front says that the order is not strict
fn refinery(folder: &Path, name: &str) -> io::Result<Option<Old>> {
    let prefixed = name.strip_suffix(".sql").and_then(|stem| stem.strip_prefix(['V', 'U']));
    let Some((digits, rest)) = prefixed.and_then(|stem| stem.split_once("__")).filter(|(digits, _)| is_number(digits))
    else {
        return Ok(None);
    };
    let text = fs::read_to_string(folder.join(name))?;
    let key = number(digits).to_string();
    let is_alone = text.lines().next().is_some_and(|line| line.trim() == "-- +refinery NO TRANSACTION");
    let (place, digits, rest) = (name.to_owned(), digits.to_owned(), rest.to_owned());
    Ok(Some(Old { place, key, digits, name: rest, text, down: None, is_alone }))
}

/// `<time>_<name>/up.sql` and `down.sql`, the time with or without dashes
fn diesel(folder: &Path, name: &str) -> io::Result<Option<Old>> {
    let own = folder.join(name);
    let Some(text) = optional(&own.join("up.sql"))? else { return Ok(None) };
    let down = optional(&own.join("down.sql"))?;
    let (version, rest) = name.split_once('_').unwrap_or((name, ""));
    let key = version.replace('-', "");
    let digits: String = key.chars().filter(char::is_ascii_digit).collect();
    let settings = optional(&own.join("metadata.toml"))?.unwrap_or_default();
    let is_alone = settings.lines().any(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split_once('=').is_some_and(|(key, value)| key.trim() == "run_in_transaction" && value.trim() == "false")
    });
    Ok(Some(Old { place: format!("{name}/up.sql"), key, digits, name: rest.to_owned(), text, down, is_alone }))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 30 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A file's text; `None` where there is no such file.
fn optional(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}
