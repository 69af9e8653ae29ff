//! The provider whose keys are files of a folder.

mod current;
mod folder;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use self::current::CurrentName;
use self::folder::{Folder, key_file};
use super::kek::Kek;
use super::key::KeySecret;
use super::provider::{KeyFuture, KeyProvider, UnwrapRequest, WrapRequest, WrappedKey};
use crate::error::{Error, Kind, Result};

/// Key-encryption keys from the files of a folder.
///
/// `<name>.key` holds a key, as base64 of exactly 32 bytes; the file `current` names the one that new data keys are wrapped
/// under. Keep the earlier ones until nothing is wrapped under them. On Unix the key files must be their owner's alone
/// (`chmod 600`), and nobody else may write to the folder or to `current`.
///
/// A running service sees what changes: `current` is looked at whenever a key is wrapped, and the folder is read again when
/// a key that is not known yet is asked for.
///
/// ```
/// use waygate_db::{FileKeys, KeyProvider};
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path().join("keys");
/// let keys = FileKeys::create(&folder)?;
/// assert_eq!(keys.id(), "file");
///
/// // A rotation: a second key, made the current one.
/// let second = FileKeys::add_key(&folder)?;
/// FileKeys::make_current(&folder, &second)?;
/// assert_eq!(FileKeys::open(&folder)?.current_kek(), second);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FileKeys {
    path: PathBuf,
    folder: RwLock<Arc<Folder>>,
    current: CurrentName,
}

impl FileKeys {
    /// The keys in this folder.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when the folder or a file in it is missing, malformed or open to others,
    /// [`is_key`](Error::is_key) when a key is all zero or stands under two names. The text names the file and never shows
    /// what is in it.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let path = folder.into();
        let folder = Folder::read(&path)?;
        let current = CurrentName::new(folder.current.clone());
        Ok(Self { path, folder: RwLock::new(Arc::new(folder)), current })
    }

    /// A new folder with one fresh key, which is current. A folder that is there already must have no `current`.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when there are keys already or the folder is open to others, [`is_io`](Error::is_io)
    /// when it cannot be written.
    pub fn create(folder: impl Into<PathBuf>) -> Result<Self> {
        let path = folder.into();
        write::create(&path)?;
        Self::open(path)
    }

    /// Writes a fresh key beside the others of a folder and returns its name. It is not current until
    /// [`make_current`](Self::make_current): first, every process has to be able to read it.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn add_key(folder: impl AsRef<Path>) -> Result<String> {
        write::add_key(folder.as_ref())
    }

    /// Makes a key of the folder the one that new data keys are wrapped under.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`is_io`](Error::is_io) when `current` cannot be written.
    pub fn make_current(folder: impl AsRef<Path>, name: &str) -> Result<()> {
        write::make_current(folder.as_ref(), name)
    }

    /// What was last read.
    fn folder(&self) -> Arc<Folder> {
        Arc::clone(&self.folder.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What stands in the folder now, if `is_stale` says that what was last read is not enough.
    async fn fresh_folder(&self, is_stale: fn(&Folder, &Path) -> Result<bool>) -> Result<Arc<Folder>> {
        let (known, path) = (self.folder(), self.path.clone());
        // The files are small, but their disk may be a network's.
        let read = move || if is_stale(&known, &path)? { Folder::read(&path).map(Some) } else { Ok(None) };
        let read = tokio::task::spawn_blocking(read).await.map_err(|_| {
            Error::new(Kind::KeyUnavailable, "the reading of the key folder was broken off")
                .help("the program is ending, or ran out of threads")
        })?;
        if let Some(folder) = read? {
            let mut kept = self.folder.write().unwrap_or_else(PoisonError::into_inner);
            self.current.set(&folder.current);
            *kept = Arc::new(folder);
        }
        Ok(self.folder())
    }

    async fn wrap_all(&self, requests: &[WrapRequest<'_>]) -> Result<Vec<WrappedKey>> {
        let folder = self.fresh_folder(Folder::has_another_current).await?;
        let kek =
            folder.keys.get(&folder.current).ok_or_else(|| Error::new(Kind::Key, "the current key is not there"))?;
        let wrap = |request: &WrapRequest<'_>| {
            Ok(WrappedKey { kek: folder.current.clone(), bytes: kek.seal(request.secret, &request.context)? })
        };
        requests.iter().map(wrap).collect()
    }

    async fn unwrap_all(&self, requests: &[UnwrapRequest<'_>]) -> Vec<Result<KeySecret>> {
        let mut folder = self.folder();
        let mut failure = None;
        if requests.iter().any(|request| !folder.keys.contains_key(request.kek)) {
            match self.fresh_folder(|_, _| Ok(true)).await {
                Ok(fresh) => folder = fresh,
                Err(error) => failure = Some(error),
            }
        }
        requests.iter().map(|request| unwrap_one(&folder, request, failure.as_ref())).collect()
    }
}

fn unwrap_one(folder: &Folder, request: &UnwrapRequest<'_>, failure: Option<&Error>) -> Result<KeySecret> {
    let (id, file) = (request.context.id().short(), key_file(request.kek));
    let kek = folder.keys.get(request.kek).ok_or_else(|| {
        let missing = format!("data key {id}… is wrapped under a key that is not there: {file}");
        match failure {
            Some(failure) => {
                let error = Error::new(Kind::KeyUnavailable, format!("{missing}; {}", failure.message()));
                error.help(failure.advice().unwrap_or("see to the folder of the keys"))
            }
            None => Error::new(Kind::KeyUnavailable, missing)
                .help(format!("put {file}, as it was when the data key was made, back into the folder of the keys")),
        }
    })?;
    kek.open(request.wrapped, &request.context).ok_or_else(|| {
        Error::new(Kind::WrongKek, format!("{file} does not unwrap data key {id}…"))
            .help("another key stands under this name now, or the row in `waygate.data_keys` was altered")
    })
}

impl KeyProvider for FileKeys {
    fn id(&self) -> &'static str {
        "file"
    }

    /// The name in `current`, as it was last read.
    fn current_kek(&self) -> &str {
        self.current.get()
    }

    fn kek_check(&self, kek: &str) -> Option<[u8; 8]> {
        self.folder().keys.get(kek).map(Kek::check)
    }

    fn wrap_keys<'a>(&'a self, requests: &'a [WrapRequest<'a>]) -> KeyFuture<'a, Result<Vec<WrappedKey>>> {
        Box::pin(self.wrap_all(requests))
    }

    fn unwrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<KeySecret>>> {
        Box::pin(self.unwrap_all(requests))
    }
}

impl fmt::Debug for FileKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.folder();
        f.debug_struct("FileKeys")
            .field("folder", &self.path)
            .field("keys", &folder.keys.len())
            .field("current", &folder.current)
            .finish()
    }
}
