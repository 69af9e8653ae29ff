//! Reading a folder of keys, and refusing one that others can reach.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::super::kek::Kek;
use super::super::kek_text::{self, NAMES, check_distinct};
use super::super::key::KeySecret;
use crate::error::{Error, Kind, Result};

/// The file that names the current key.
pub(super) const CURRENT: &str = "current";
/// How the name of a key's file ends.
const SUFFIX: &str = ".key";
/// More than any key or name takes, and little to read from a file that is neither.
const LONGEST: u32 = 256;

const HOW_TO_MAKE_ONE: &str = "`openssl rand -base64 32` makes a key, and `FileKeys::add_key` a file with one";

/// A folder of keys as it was when it was read.
pub(super) struct Folder {
    pub(super) keys: BTreeMap<String, Kek>,
    pub(super) current: String,
    changed: Option<SystemTime>,
}

impl Folder {
    /// Reads all keys of the folder, all of them fit for use.
    pub(super) fn read(path: &Path) -> Result<Self> {
        check_folder(path)?;
        // Before the keys: what is made current meanwhile is seen the next time.
        let (current, changed) = read_current(path)?;
        let secrets = read_keys(path)?;
        check_distinct(&secrets, key_file)?;
        if !secrets.contains_key(&current) {
            // Its content is not repeated: a key pasted into the wrong file would be printed.
            return Err(refused("the file `current` names a key for which there is no file")
                .help(format!("it holds the name of a key's file without {SUFFIX}, and that file the key")));
        }
        let keys = secrets.into_iter().map(|(name, secret)| Ok((name, Kek::new(&secret)?))).collect::<Result<_>>()?;
        Ok(Self { keys, current, changed })
    }

    /// Whether `current` was written since.
    pub(super) fn has_another_current(&self, path: &Path) -> Result<bool> {
        let (current, changed) = read_current(path)?;
        Ok(current != self.current || changed != self.changed)
    }
}

/// The name of a key's file.
pub(super) fn key_file(name: &str) -> String {
    format!("{name}{SUFFIX}")
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(Kind::Config, message)
}

/// Refuses a folder that others can put keys into.
pub(super) fn check_folder(path: &Path) -> Result<()> {
    let shown = path.display();
    let metadata = fs::metadata(path).map_err(|error| {
        let help = "WAYGATE_KEY_DIR names the folder of the keys; `FileKeys::create` makes one";
        refused(format!("the folder of the keys, {shown}, cannot be read")).help(help).caused_by(error)
    })?;
    if !metadata.is_dir() {
        return Err(
            refused(format!("{shown} is not a folder")).help("name the folder that holds the files of the keys")
        );
    }
    if grants(&metadata, 0o022) {
        return Err(refused(format!("others than its owner may write to the folder of the keys, {shown}"))
            .help(format!("chmod 700 '{shown}', and see that every key in it is yours")));
    }
    Ok(())
}

fn read_current(path: &Path) -> Result<(String, Option<SystemTime>)> {
    let (text, metadata) = read_file(path, CURRENT, 0o022).map_err(|error| match error {
        Unread::Refused(error) => error,
        Unread::Failed(error) => refused("the file `current`, which names the current key, cannot be read")
            .help("write the name of a key's file, without .key, into it; `FileKeys::make_current` does")
            .caused_by(error),
    })?;
    let name = text.trim();
    if !kek_text::is_name(name) {
        return Err(refused("the file `current` does not hold the name of a key").help(NAMES));
    }
    Ok((name.to_owned(), metadata.modified().ok()))
}

fn read_keys(path: &Path) -> Result<BTreeMap<String, KeySecret>> {
    let unreadable = |error: io::Error| refused("the folder of the keys cannot be listed").caused_by(error);
    let mut keys = BTreeMap::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.file_name();
        // A hidden file is an editor's, or one that is being written.
        let Some(file) = file.to_str().filter(|file| !file.starts_with('.')) else { continue };
        let Some(name) = file.strip_suffix(SUFFIX) else { continue };
        if !kek_text::is_name(name) {
            return Err(refused(format!("the file {file:?} has not the name of a key")).help(NAMES));
        }
        keys.insert(name.to_owned(), read_key(path, file)?);
    }
    Ok(keys)
}

/// The key in this file of the folder.
pub(super) fn read_key(path: &Path, file: &str) -> Result<KeySecret> {
    let (text, _) = read_file(path, file, 0o077).map_err(|error| match error {
        Unread::Refused(error) => error,
        Unread::Failed(error) => refused(format!("the key file {file} cannot be read")).caused_by(error),
    })?;
    kek_text::decode(&format!("the key file {file}"), text.trim(), HOW_TO_MAKE_ONE)
}

enum Unread {
    Refused(Error),
    Failed(io::Error),
}

/// The text of a small file that does not grant others these rights. Through a symbolic link it is the target that counts.
fn read_file(folder: &Path, name: &str, forbidden: u32) -> Result<(Zeroizing<String>, Metadata), Unread> {
    let path = folder.join(name);
    // Asked first, because opening a pipe waits for its other end.
    require_file(name, &fs::metadata(&path).map_err(Unread::Failed)?, forbidden)?;
    let mut file = File::open(&path).map_err(Unread::Failed)?;
    // Asked again of what was opened, which is what is read.
    let metadata = file.metadata().map_err(Unread::Failed)?;
    require_file(name, &metadata, forbidden)?;
    // Room for all of it from the start: a buffer that grows leaves a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(512));
    match (&mut file).take(LONGEST.into()).read_to_string(&mut text) {
        Ok(_) => Ok((text, metadata)),
        Err(error) => Err(Unread::Failed(error)),
    }
}

fn require_file(name: &str, metadata: &Metadata, forbidden: u32) -> Result<(), Unread> {
    if !metadata.is_file() {
        return Err(Unread::Refused(refused(format!("{name}, in the folder of the keys, is not a file"))));
    }
    if grants(metadata, forbidden) {
        let may = if forbidden & 0o044 == 0 { "write" } else { "read or write" };
        return Err(Unread::Refused(
            refused(format!("others than its owner may {may} the key folder's file {name}"))
                .help(format!("chmod 600 {name}; if others could read a key before, make a new one and rotate to it")),
        ));
    }
    Ok(())
}

#[cfg(unix)]
fn grants(metadata: &Metadata, rights: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & rights != 0
}

/// Elsewhere, rights are not numbers that could be judged.
#[cfg(not(unix))]
fn grants(_: &Metadata, _: u32) -> bool {
    false
}
