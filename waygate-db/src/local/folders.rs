//! Where things are kept: the cache for what lasts, and one folder per running server.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Kind, Result};

use super::account::Account;
use super::failed;

/// What the folder of a throw-away server is called, and a random word after it.
pub(super) const PREFIX: &str = "waygate-";
/// Held locked by the process whose server it is; the system frees it however that process ends.
pub(super) const LOCK: &str = "owner.lock";
/// The part of a server's folder that is its account's.
const INNER: &str = "run";
/// A socket's path has 103 bytes on macOS and 107 on Linux; up to 39 go to the folder's and the socket's own names.
const LONGEST_TEMPORARY: usize = 64;

/// The cache folder and the folder for temporary things, both open to the server's account.
#[derive(Debug)]
pub(super) struct Home {
    cache: PathBuf,
    temporary: PathBuf,
}

impl Home {
    pub(super) fn open(account: &Account, cache: Option<&Path>) -> Result<Self> {
        let temporary = [env::temp_dir(), "/tmp".into(), "/var/tmp".into()]
            .into_iter()
            .find(|folder| {
                folder.is_absolute()
                    && folder.as_os_str().len() <= LONGEST_TEMPORARY
                    && folder.is_dir()
                    && account.can_reach(folder)
            })
            .ok_or_else(|| {
                Error::new(Kind::Local, "there is no folder for temporary files that the server's account can reach")
                    .help("set TMPDIR to a folder with a short path that every user may search, such as /tmp")
            })?;
        let cache = match cache {
            Some(folder) => open_cache(account, folder)?,
            None => Self::default_cache(account, &temporary)?,
        };
        Ok(Self { cache, temporary })
    }

    /// The system's cache for root, the user's for others; without a usable one, a folder beside the temporary files.
    fn default_cache(account: &Account, temporary: &Path) -> Result<PathBuf> {
        let usual = if account.is_switched() {
            Some(PathBuf::from("/var/cache/waygate"))
        } else {
            let home = env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
            let parent = if cfg!(target_os = "macos") {
                home.map(|home| home.join("Library/Caches"))
            } else {
                let named = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
                named.or_else(|| home.map(|home| home.join(".cache")))
            };
            parent.map(|parent| parent.join("waygate"))
        };
        if let Some(folder) = usual
            && let Ok(folder) = open_cache(account, &folder)
        {
            return Ok(folder);
        }
        open_cache(account, &temporary.join(format!("waygate-cache-{}", account.own_uid())))
    }

    /// A folder of the cache, created when it is missing.
    pub(super) fn cache(&self, name: &str) -> Result<PathBuf> {
        let folder = self.cache.join(name);
        create_folder(&folder, 0o755)?;
        Ok(folder)
    }

    pub(super) fn temporary(&self) -> &Path {
        &self.temporary
    }
}

/// Creates a cache folder, or accepts one that is there if nobody else can have written to it.
fn open_cache(account: &Account, folder: &Path) -> Result<PathBuf> {
    create_folder(folder, 0o755)?;
    let folder = fs::canonicalize(folder).map_err(|error| failed("opening", folder, error))?;
    check_owner(&folder, &[account.own_uid()])?;
    if !account.can_reach(&folder) {
        return Err(Error::new(Kind::Local, format!("the server's account cannot reach {}", folder.display()))
            .help("choose a cache folder that every user may search"));
    }
    tempfile::tempfile_in(&folder).map_err(|error| failed("writing to", &folder, error))?;
    Ok(folder)
}

fn create_folder(folder: &Path, mode: u32) -> Result<()> {
    DirBuilder::new().recursive(true).mode(mode).create(folder).map_err(|error| failed("creating", folder, error))
}

/// Refuses a folder that belongs to others or that others may write to: binaries run and data is read from here.
fn check_owner(folder: &Path, owners: &[u32]) -> Result<()> {
    let found = fs::symlink_metadata(folder).map_err(|error| failed("opening", folder, error))?;
    if found.is_dir() && owners.contains(&found.uid()) && found.mode() & 0o022 == 0 {
        return Ok(());
    }
    Err(Error::new(Kind::Local, format!("{} belongs to, or is writable by, another user", folder.display()))
        .help("remove that folder, or choose another"))
}

/// The folder of one server, locked by this process; a throw-away one goes when it is dropped.
///
/// The folder itself, its lock and its log stay ours. The server's account gets one folder inside: root must open no
/// file by a name that another account could have made a link.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    socket: PathBuf,
    throwaway: bool,
    _lock: File,
}

impl RunFolder {
    pub(super) fn throwaway(account: &Account, home: &Home) -> Result<Self> {
        // It gets its name only when it is locked: what bears the name unlocked is a leftover, at any moment.
        let temporary = home.temporary();
        let made = tempfile::Builder::new().prefix(".waygate-new-").tempdir_in(temporary);
        let made = made.map_err(|error| failed("creating a folder in", temporary, error))?;
        let lock = lock(made.path())?.ok_or_else(|| in_use(made.path()))?;
        open_inner(account, made.path())?;
        let unique = made.path().file_name().unwrap_or_default().to_string_lossy().replace(".waygate-new-", PREFIX);
        let path = temporary.join(unique);
        fs::rename(made.path(), &path).map_err(|error| failed("creating", &path, error))?;
        Ok(Self { socket: path.join(INNER), path, throwaway: true, _lock: lock })
    }

    pub(super) fn project(account: &Account, home: &Home, project: &Path) -> Result<Self> {
        let project = fs::canonicalize(project).map_err(|error| failed("opening", project, error))?;
        let name = project_name(&project, account.own_uid());
        let path = home.cache("projects")?.join(&name);
        create_folder(&path, 0o700)?;
        let lock = lock(&path)?.ok_or_else(|| in_use(&project))?;
        open_inner(account, &path)?;
        // Named after the project, so that its URLs stay the same from run to run; short, unlike the cache's path.
        let hash = name.rsplit('-').next().unwrap_or_default();
        let socket = home.temporary().join(format!("{PREFIX}dev-{hash}"));
        open_private(account, &socket)?;
        Ok(Self { path, socket, throwaway: false, _lock: lock })
    }

    pub(super) fn data(&self) -> PathBuf {
        data_in(&self.path)
    }

    pub(super) fn log(&self) -> PathBuf {
        self.path.join("server.log")
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    /// The folder to remove with the server, if any.
    pub(super) fn throwaway_path(&self) -> Option<&Path> {
        self.throwaway.then_some(&*self.path)
    }
}

/// Where the folder of a server has its cluster.
pub(super) fn data_in(folder: &Path) -> PathBuf {
    folder.join(INNER).join("data")
}

/// Makes the account's folder inside one of ours, and lets the account pass through ours.
fn open_inner(account: &Account, folder: &Path) -> Result<()> {
    if account.is_switched() {
        let passable = fs::Permissions::from_mode(0o711);
        fs::set_permissions(folder, passable).map_err(|error| failed("opening", folder, error))?;
    }
    open_private(account, &folder.join(INNER))
}

/// Makes a folder that is the account's alone, or accepts one that is.
fn open_private(account: &Account, folder: &Path) -> Result<()> {
    create_folder(folder, 0o700)?;
    check_owner(folder, &[account.own_uid(), account.uid()])?;
    let found = fs::symlink_metadata(folder).map_err(|error| failed("opening", folder, error))?;
    // Given once only: the account could by now have put a link in the place of what is its own.
    if found.uid() == account.uid() { Ok(()) } else { account.give(folder) }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if let Some(path) = self.throwaway_path() {
            // Usually the server's guard was faster.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Takes the lock of a folder and writes the process's number into it; `None` when another process holds it.
pub(super) fn lock(folder: &Path) -> Result<Option<File>> {
    let path = folder.join(LOCK);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(|error| failed("opening", &path, error))?;
    match file.try_lock() {
        Ok(()) => {
            let written = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
            written.map_err(|error| failed("writing to", &path, error))?;
            Ok(Some(file))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed("locking", &path, error)),
    }
}

fn in_use(folder: &Path) -> Error {
    Error::new(Kind::Local, format!("the local server of {} is running in another process", folder.display()))
        .help("stop that process, or use the URLs it printed")
}

/// The last part of a project's path, for people, and a hash of all of it.
fn project_name(project: &Path, uid: u32) -> String {
    let hash = Sha256::new().chain_update(uid.to_be_bytes()).chain_update(project.as_os_str().as_bytes()).finalize();
    let hash = hash.iter().take(6).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let name = project.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(30).collect();
    format!("{name}-{hash:012x}")
}
