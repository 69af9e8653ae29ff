//! Where pulled models go.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Kind, Result};
use crate::pull::SourceFile;

/// A folder or a file, seen to be free before anything is read.
#[derive(Debug)]
pub(super) enum Target {
    /// A folder for a file each.
    Folder(PathBuf),
    /// One file.
    File(PathBuf),
}

impl Target {
    /// The target, which must be empty unless it is to be written to all the same.
    pub(super) fn new(folder: Option<PathBuf>, file: Option<PathBuf>, force: bool) -> Result<Self> {
        let target = match (folder, file) {
            (_, Some(file)) => Self::File(file),
            (Some(folder), None) => Self::Folder(folder),
            (None, None) => return Err(Error::new(Kind::Config, "nothing says where the models go").help("give --out")),
        };
        if force || target.is_free()? {
            return Ok(target);
        }
        let path = target.path().display().to_string();
        let what = if target.is_folder() { "the folder holds other things" } else { "the file is there already" };
        Err(Error::new(Kind::Config, format!("{path}: {what}"))
            .help("choose another place; --force overwrites files of the same name and leaves the others"))
    }

    pub(super) fn is_folder(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// Writes the files, and gives their paths.
    pub(super) fn write(&self, files: &[SourceFile]) -> Result<Vec<PathBuf>> {
        let folder = match self {
            Self::Folder(folder) => Some(folder.as_path()),
            Self::File(file) => file.parent().filter(|parent| !parent.as_os_str().is_empty()),
        };
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        }
        let mut written = Vec::new();
        for file in files {
            let path = if self.is_folder() { self.path().join(&file.name) } else { self.path().to_owned() };
            fs::write(&path, &file.text).map_err(|error| failed(&path, error))?;
            written.push(path);
        }
        Ok(written)
    }

    fn path(&self) -> &Path {
        let (Self::Folder(path) | Self::File(path)) = self;
        path
    }

    /// Whether nothing is there yet.
    fn is_free(&self) -> Result<bool> {
        let path = self.path();
        let there = match self {
            Self::Folder(_) => fs::read_dir(path).map(|mut entries| entries.next().is_none()),
            Self::File(_) => fs::metadata(path).map(|_| false),
        };
        match there {
            Ok(is_free) => Ok(is_free),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(failed(path, error)),
        }
    }
}

/// Lays the files out as the project around them asks, where rustfmt is installed. They are readable without it.
pub(super) fn rustfmt(files: &[PathBuf]) -> std::result::Result<(), String> {
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024"]).args(files).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::new(Kind::Io, format!("cannot write {}", path.display())).caused_by(error)
}
