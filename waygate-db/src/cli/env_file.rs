//! An env file with secrets: read, extended, written with mode 0600.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::error::{Error, Kind, Result};

/// The lines of an env file, changed in place.
#[derive(Debug, Default)]
pub(super) struct EnvFile {
    lines: Vec<String>,
    changed: bool,
}

impl EnvFile {
    /// The file, or an empty one where there is none.
    pub(super) fn read(path: &Path) -> Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self { lines: text.lines().map(str::to_owned).collect(), changed: false }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(failed("read", path, &error)),
        }
    }

    /// Whether the variable has a line.
    pub(super) fn has(&self, name: &str) -> bool {
        self.lines.iter().any(|line| names(line, name))
    }

    /// Gives the variable this value, in its line if it has one.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let wanted = format!("{name}='{value}'");
        match self.lines.iter_mut().find(|line| names(line, name)) {
            Some(line) if *line == wanted => return,
            Some(line) => *line = wanted,
            None => self.lines.push(wanted),
        }
        self.changed = true;
    }

    /// Whether anything was changed since it was read.
    pub(super) fn is_changed(&self) -> bool {
        self.changed
    }

    /// The file's text.
    pub(super) fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
    }

    /// Writes the file, readable by its owner alone: beside it first, then in its place, so that no reader sees half.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new()
            .prefix(".env-")
            .tempfile_in(folder)
            .map_err(|error| failed("write", path, &error))?;
        file.write_all(self.text().as_bytes()).map_err(|error| failed("write", path, &error))?;
        only_owner(file.path()).map_err(|error| failed("protect", path, &error))?;
        file.persist(path).map(|_| ()).map_err(|error| failed("write", path, &error.error))
    }
}

/// Whether a line gives this variable a value.
fn names(line: &str, name: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
}

#[cfg(unix)]
fn only_owner(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn only_owner(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).open(path).map(|_| ())
}

fn failed(verb: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::new(Kind::Io, format!("cannot {verb} {}: {error}", path.display()))
        .help("check the folder and its permissions, or name another file with --env-file")
}
