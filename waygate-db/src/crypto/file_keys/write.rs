//! Writing keys: for their owner alone, whole or not at all, and never over another.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::super::kek_text::{self, NAMES};
use super::super::key::KeySecret;
use super::folder::{CURRENT, check_folder, key_file, read_key};
use crate::error::{Error, Kind, Result};

pub(super) fn create(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(failed("the folder of the keys cannot be made", error));
        }
        _ => {}
    }
    if fs::symlink_metadata(folder.join(CURRENT)).is_ok() {
        return Err(Error::new(Kind::Config, format!("there are keys in {} already", folder.display()))
            .help("`FileKeys::add_key` adds one, and `FileKeys::make_current` chooses it"));
    }
    let name = add_key(folder)?;
    write_current(folder, &name, |file, path| file.persist_noclobber(path).map(drop))
}

pub(super) fn add_key(folder: &Path) -> Result<String> {
    check_folder(folder)?;
    let name = kek_text::fresh_name()?;
    let text = Zeroizing::new(kek_text::encode(&KeySecret::random()?));
    let write = || {
        let file = written(folder, &text)?;
        file.persist_noclobber(folder.join(key_file(&name))).map_err(|error| error.error)?;
        sync(folder)
    };
    write().map_err(|error| failed("a key file cannot be written", error))?;
    Ok(name)
}

pub(super) fn make_current(folder: &Path, name: &str) -> Result<()> {
    check_folder(folder)?;
    if !kek_text::is_name(name) {
        return Err(Error::new(Kind::Config, "what is to be the current key has not the name of one").help(NAMES));
    }
    read_key(folder, &key_file(name))?;
    write_current(folder, name, |file, path| file.persist(path).map(drop))
}

type Persisted = Result<(), tempfile::PersistError>;

fn write_current(folder: &Path, name: &str, persist: fn(NamedTempFile, &Path) -> Persisted) -> Result<()> {
    let write = || {
        persist(written(folder, name)?, &folder.join(CURRENT)).map_err(|error| error.error)?;
        sync(folder)
    };
    write().map_err(|error| failed("the file `current` cannot be written", error))
}

/// A hidden file of the folder with this line, its owner's alone, on disk.
fn written(folder: &Path, line: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
    file.write_all(line.as_bytes())?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Sees that the folder's new entry is on disk: a key lost in a crash is lost with all that it seals.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

fn failed(message: &str, error: io::Error) -> Error {
    Error::new(Kind::Io, message).help("the folder of the keys must be yours, and its disk not full").caused_by(error)
}
