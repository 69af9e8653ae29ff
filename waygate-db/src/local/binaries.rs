//! The binaries of a PostgreSQL server: found on the machine, else fetched.

use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::environment::WAYGATE_PG_BIN;
use crate::error::{Error, Kind, Result};
use crate::pool::OLDEST_SERVER;

use super::account::Account;
use super::download;
use super::folders::Home;
use super::options::LocalOptions;

/// Where installers put one folder per version, around the `*`.
const KNOWN_FOLDERS: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// A folder with `postgres` and `initdb`, and their version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    pub(super) folder: PathBuf,
    pub(super) version: Version,
}

/// A server's version: what it says, and its first number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    text: String,
    major: u32,
}

impl Binaries {
    /// The first usable binaries, of the wanted major version where there is data of it.
    ///
    /// The order: the folder that was named, and no other then; `pg_config`; `PATH`; the newest of the known folders;
    /// what was fetched before or can be fetched now.
    pub(super) fn find(account: &Account, home: &Home, options: &LocalOptions, wanted: Option<u32>) -> Result<Self> {
        let mut refused = Vec::new();
        if let Some(folder) = &options.binaries {
            return check(account, folder, wanted, &mut refused).ok_or_else(|| {
                let why = refused.join("; ");
                Error::new(Kind::Local, format!("the folder named for the PostgreSQL binaries cannot be used: {why}"))
                    .help(format!("correct or unset {WAYGATE_PG_BIN}"))
            });
        }
        let installed: Vec<PathBuf> = from_pg_config().into_iter().chain(from_path()).collect();
        let found = installed.iter().find_map(|folder| check(account, folder, wanted, &mut refused));
        if let Some(found) = found.or_else(|| newest(account, wanted, &mut refused)) {
            return Ok(found);
        }
        for folder in download::sources(home, options) {
            match folder() {
                Ok(folder) => {
                    if let Some(found) = check(account, &folder, wanted, &mut refused) {
                        return Ok(found);
                    }
                }
                Err(error) => refused.push(error.message().to_owned()),
            }
        }
        Err(nothing_found(wanted, &refused))
    }
}

impl Version {
    /// Reads `postgres (PostgreSQL) 15.18 (Debian …)`.
    fn parse(output: &str) -> Option<Self> {
        let text = output.split_whitespace().nth(2)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let major = text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        text.chars().all(plain).then(|| Self { text: text.to_owned(), major })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Asks the binaries in a folder for their version, as the account that shall run them; says why they are no use.
fn check(account: &Account, folder: &Path, wanted: Option<u32>, refused: &mut Vec<String>) -> Option<Binaries> {
    let shown = folder.display();
    // `pg_config` alone, without a server, answers as well.
    if let Some(missing) = ["postgres", "initdb"].iter().find(|name| !folder.join(name).is_file()) {
        refused.push(format!("{shown} has no {missing}"));
        return None;
    }
    let answer = account.command(folder.join("postgres")).arg("--version").output().ok();
    let version = answer.and_then(|answer| Version::parse(&String::from_utf8_lossy(&answer.stdout)));
    let Some(version) = version else {
        refused.push(format!("{shown}/postgres does not run"));
        return None;
    };
    if version.major < OLDEST_SERVER {
        refused.push(format!("{shown} is PostgreSQL {version}, older than {OLDEST_SERVER}"));
        return None;
    }
    if wanted.is_some_and(|wanted| wanted != version.major) {
        refused.push(format!("{shown} is PostgreSQL {version}"));
        return None;
    }
    Some(Binaries { folder: folder.to_owned(), version })
}

fn from_pg_config() -> Option<PathBuf> {
    let answer = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
    (answer.status.success() && folder.is_absolute()).then_some(folder)
}

fn from_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).filter(|folder| folder.is_absolute() && folder.join("postgres").is_file()).collect()
}

fn newest(account: &Account, wanted: Option<u32>, refused: &mut Vec<String>) -> Option<Binaries> {
    let mut folders = BTreeSet::new();
    for (parent, prefix, below) in KNOWN_FOLDERS {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let folder = entry.path().join(below);
            if name.to_str().is_some_and(|name| name.starts_with(prefix)) && folder.join("postgres").is_file() {
                folders.insert(folder);
            }
        }
    }
    let found = folders.iter().filter_map(|folder| check(account, folder, wanted, refused));
    found.max_by_key(|binaries| binaries.version.major)
}

fn nothing_found(wanted: Option<u32>, refused: &[String]) -> Error {
    let what = match wanted {
        Some(major) => format!("the data of this project is PostgreSQL {major}'s, and no such server was found"),
        None => format!("no PostgreSQL server of version {OLDEST_SERVER} or later was found"),
    };
    let tried = if refused.is_empty() { String::new() } else { format!(" ({})", refused.join("; ")) };
    Error::new(Kind::Local, format!("{what}{tried}")).help(format!(
        "install one (apt-get install postgresql, brew install postgresql@17), name the folder of its binaries in \
         {WAYGATE_PG_BIN}, or set DATABASE_URL to a running server"
    ))
}
