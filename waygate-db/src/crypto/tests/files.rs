//! Keys from the files of a folder, good and bad.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::super::{KeyProvider, UnwrapRequest, WrapRequest, WrappedKey};
use super::*;
use crate::{Error, FileKeys};

const A: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const B: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
const ZERO: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

type Tried = Result<(), Box<dyn std::error::Error>>;

/// A folder with these files, each its owner's alone.
fn folder(files: &[(&str, &str)]) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().permissions(Permissions::from_mode(0o700)).tempdir()?;
    for (name, text) in files {
        put(folder.path(), name, text)?;
    }
    Ok(folder)
}

fn put(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    fs::write(folder.join(name), text)?;
    allow(&folder.join(name), 0o600)
}

fn allow(path: &Path, mode: u32) -> std::io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Opening fails, and neither the text nor the debug form of the error shows what is in a file.
fn refused(folder: &Path) -> Error {
    let error = FileKeys::open(folder).unwrap_err();
    let shown = format!("{error} {error:?}");
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        let text = text.trim();
        assert!(text.len() < 8 || !shown.contains(text), "{shown}");
    }
    error
}

async fn wrap(keys: &FileKeys, key: &DataKey) -> Result<WrappedKey> {
    keys.wrap_one(key.secret(), &key.wrap_context()).await
}

async fn opens(keys: &FileKeys, key: &DataKey, wrapped: &WrappedKey) -> Result<bool> {
    let request =
        UnwrapRequest { provider: "file", kek: &wrapped.kek, wrapped: &wrapped.bytes, context: key.wrap_context() };
    let secret = keys.unwrap_keys(&[request]).await.remove(0)?;
    Ok(secret.expose() == key.secret().expose())
}

#[tokio::test]
async fn a_folder_is_made_wraps_and_unwraps() -> Tried {
    let parent = folder(&[])?;
    let path = parent.path().join("keys");
    let keys = FileKeys::create(&path)?;
    let file = path.join(format!("{}.key", keys.current_kek()));
    let mode = |path: &Path| fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777);
    assert_eq!((mode(&path)?, mode(&file)?, mode(&path.join("current"))?), (0o700, 0o600, 0o600));
    let shown = format!("{keys:?}");
    assert!(shown.contains(keys.current_kek()) && !shown.contains(fs::read_to_string(&file)?.trim()), "{shown}");

    let key = acme_key()?;
    let wrapped = wrap(&keys, &key).await?;
    assert_eq!(wrapped.kek, keys.current_kek());
    assert!(opens(&FileKeys::open(&path)?, &key, &wrapped).await?);
    // Bound to its row, as with every provider.
    let other = WrapRequest::from(&*acme_key()?).context;
    let moved = UnwrapRequest { provider: "file", kek: &wrapped.kek, wrapped: &wrapped.bytes, context: other };
    assert!(keys.unwrap_keys(&[moved]).await.remove(0).is_err_and(|error| error.is_key_wrong()));
    // Nothing is ever written over.
    let before = fs::read(&file)?;
    assert!(FileKeys::create(&path).is_err_and(|error| error.is_config()));
    assert_eq!((fs::read(&file)?, fs::read_dir(&path)?.count()), (before, 2));
    Ok(())
}

#[tokio::test]
async fn the_same_key_is_the_same_from_a_file_and_a_variable() -> Tried {
    let folder = folder(&[("a.key", A), ("current", "a\n")])?;
    let (files, key) = (FileKeys::open(folder.path())?, acme_key()?);
    let vars = [("WAYGATE_KEK_a", A), ("WAYGATE_KEK_CURRENT", "a")];
    let env = crate::EnvKeys::from_vars(vars.map(|(name, value)| (name.to_owned(), value.to_owned())))?;
    assert!(opens(&files, &key, &env.wrap_one(key.secret(), &key.wrap_context()).await?).await?);
    assert_eq!(files.kek_check("a"), env.kek_check("a"));
    assert_eq!(files.kek_check("b"), None);
    Ok(())
}

#[tokio::test]
async fn a_running_service_sees_new_keys_and_a_new_current_one() -> Tried {
    let folder = folder(&[("a.key", A), ("current", "a")])?;
    let (writer, reader, key) = (FileKeys::open(folder.path())?, FileKeys::open(folder.path())?, acme_key()?);
    let held = writer.current_kek();
    let second = FileKeys::add_key(folder.path())?;
    assert_eq!(wrap(&writer, &key).await?.kek, "a", "a key that is there is not yet the current one");
    FileKeys::make_current(folder.path(), &second)?;
    let wrapped = wrap(&writer, &key).await?;
    assert_eq!((held, writer.current_kek(), &wrapped.kek), ("a", &*second, &second));
    // The reader opened the folder before the second key was in it.
    assert!(opens(&reader, &key, &wrapped).await?);
    assert_eq!(reader.current_kek(), second);
    FileKeys::make_current(folder.path(), "a")?;
    assert_eq!((wrap(&writer, &key).await?.kek.as_str(), writer.current_kek()), ("a", "a"));
    assert!(FileKeys::make_current(folder.path(), "absent").is_err_and(|error| error.is_config()));
    assert!(FileKeys::make_current(folder.path(), "../a").is_err_and(|error| error.is_config()));
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_gone_or_another_is_told_apart() -> Tried {
    let folder = folder(&[("a.key", A), ("b.key", B), ("current", "b")])?;
    let (keys, key) = (FileKeys::open(folder.path())?, acme_key()?);
    let wrapped = wrap(&keys, &key).await?;
    let fresh = || FileKeys::open(folder.path());
    put(folder.path(), "current", "a")?;
    fs::rename(folder.path().join("b.key"), folder.path().join("b.kept"))?;
    let error = opens(&fresh()?, &key, &wrapped).await.unwrap_err();
    assert!(error.is_key_unavailable() && error.to_string().contains("b.key"), "{error}");
    // Out of the folder is out of the process, once the folder is read again.
    assert!(opens(&keys, &key, &wrapped).await?);
    assert_eq!(wrap(&keys, &key).await?.kek, "a");
    assert!(opens(&keys, &key, &wrapped).await.is_err_and(|error| error.is_key_unavailable()));
    put(folder.path(), "b.key", &B.replace("AgIC", "BAQE"))?;
    let error = opens(&fresh()?, &key, &wrapped).await.unwrap_err();
    assert!(error.is_key_wrong() && error.message().contains("b.key"), "{error}");
    // A folder that became bad does not take away the keys that are known, and says why it has no others.
    put(folder.path(), "c.key", "no key")?;
    let error = opens(&keys, &key, &wrapped).await.unwrap_err();
    assert!(error.is_key_unavailable() && error.message().contains("c.key"), "{error}");
    assert!(opens(&keys, &key, &WrappedKey { kek: "a".to_owned(), ..wrapped }).await.is_err_and(|e| e.is_key_wrong()));
    Ok(())
}

#[test]
fn what_others_can_reach_is_refused_by_name() -> Tried {
    let folder = folder(&[("a.key", A), ("current", "a")])?;
    let path = folder.path();
    for (file, modes) in
        [("a.key", &[0o640, 0o604, 0o620, 0o602, 0o610][..]), ("current", &[0o620, 0o602]), ("", &[0o770, 0o707])]
    {
        for mode in modes {
            allow(&path.join(file), *mode)?;
            let error = refused(path);
            assert!(error.is_config() && error.message().contains(file), "{error}");
            assert!(error.advice().is_some_and(|advice| advice.contains("chmod")), "{error}");
        }
        allow(&path.join(file), if file.is_empty() { 0o755 } else { 0o600 })?;
        FileKeys::open(path)?;
    }
    assert!(FileKeys::add_key(path).is_ok());
    allow(path, 0o777)?;
    assert!(FileKeys::add_key(path).is_err_and(|error| error.is_config()));
    Ok(())
}

#[test]
fn through_a_link_the_target_counts() -> Tried {
    let (folder, elsewhere) = (folder(&[("current", "a")])?, folder(&[("kept", A)])?);
    let target = elsewhere.path().join("kept");
    symlink(&target, folder.path().join("a.key"))?;
    FileKeys::open(folder.path())?;
    allow(&target, 0o644)?;
    let error = refused(folder.path());
    assert!(error.is_config() && error.message().contains("a.key"), "{error}");
    fs::remove_file(&target)?;
    let error = refused(folder.path());
    assert!(error.is_config() && error.message().contains("a.key"), "{error}");
    Ok(())
}

#[test]
fn malformed_keys_name_their_file() -> Tried {
    let folder = folder(&[("a.key", A), ("current", "a")])?;
    let path = folder.path();
    for text in ["", "not base64 at all!", "correct horse battery", &A[4..], &"AQEB".repeat(11), &"AQEB".repeat(400)] {
        put(path, "a.key", text)?;
        let error = refused(path);
        assert!(error.is_config() && error.message().contains("a.key"), "{error}");
    }
    put(path, "a.key", ZERO)?;
    assert!(refused(path).is_key());
    put(path, "a.key", &format!("{A}\n"))?;
    put(path, "b.key", A)?;
    let error = refused(path);
    assert!(error.is_key() && error.message().contains("a.key and b.key"), "{error}");
    fs::remove_file(path.join("b.key"))?;
    put(path, "b-c.key", B)?;
    assert!(refused(path).message().contains("b-c.key"));
    fs::remove_file(path.join("b-c.key"))?;
    fs::create_dir(path.join("d.key"))?;
    assert!(refused(path).message().contains("d.key"));
    fs::remove_dir(path.join("d.key"))?;
    // What is no key by its name is nobody's business: a note, an editor's copy.
    put(path, "README", "keys of the gateway")?;
    put(path, ".a.key", "half written")?;
    FileKeys::open(path)?;
    Ok(())
}

#[test]
fn a_missing_folder_or_current_key_says_what_to_do() -> Tried {
    let folder = folder(&[("a.key", A)])?;
    let path = folder.path();
    let error = refused(path);
    assert!(error.is_config() && error.message().contains("`current`") && error.advice().is_some(), "{error}");
    for text in ["", "b", B, "a b"] {
        put(path, "current", text)?;
        let error = refused(path);
        assert!(error.is_config() && error.message().contains("`current`") && error.advice().is_some(), "{error}");
    }
    let error = refused(&path.join("absent"));
    assert!(error.is_config() && error.advice().is_some_and(|advice| advice.contains("WAYGATE_KEY_DIR")), "{error}");
    assert!(refused(&path.join("a.key")).is_config());
    Ok(())
}
