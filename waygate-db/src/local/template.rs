//! One fresh cluster per version, made once and copied for every server: a copy takes a tenth of an initdb's time.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

use super::account::{Account, run};
use super::binaries::Binaries;
use super::folders::Home;
use super::options::LocalOptions;
use super::{ADMINISTRATOR, failed};

/// Changes with what initdb is told, so that no older template is used.
const RECIPE: u32 = 1;

/// The template of this version, made now if it is not there.
pub(super) fn ensure(account: &Account, home: &Home, binaries: &Binaries, options: &LocalOptions) -> Result<PathBuf> {
    let folder = home.cache("templates")?;
    let name = format!("{}-{}-{RECIPE}", binaries.version, account.uid());
    let template = folder.join(&name);
    if template.join("PG_VERSION").exists() {
        return Ok(template);
    }
    // Processes that start at the same moment make it once: the others wait here.
    let _lock = lock(&folder.join(format!("{name}.lock")))?;
    if template.join("PG_VERSION").exists() {
        return Ok(template);
    }
    options.report(&format!("creating the template of PostgreSQL {} (once)", binaries.version));
    let unfinished = folder.join(format!("{name}.new"));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(|error| failed("removing", &unfinished, error))?;
    }
    DirBuilder::new().mode(0o700).create(&unfinished).map_err(|error| failed("creating", &unfinished, error))?;
    account.give(&unfinished)?;
    initdb(account, binaries, &unfinished)?;
    fs::rename(&unfinished, &template).map_err(|error| failed("creating", &template, error))?;
    Ok(template)
}

/// Waits for a lock that lasts as long as the file returned.
pub(super) fn lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| failed("opening", path, error))?;
    file.lock().map_err(|error| failed("locking", path, error))?;
    Ok(file)
}

fn initdb(account: &Account, binaries: &Binaries, data: &Path) -> Result<()> {
    let mut command = account.command(binaries.folder.join("initdb"));
    command.arg("-D").arg(data);
    // Trust is safe on a socket that only the account and root can reach. Small WAL segments make small copies.
    command.args(["-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "--wal-segsize=4"]);
    run(&mut command, "initdb").map(drop).map_err(|error| {
        if error.message().contains("could not look up effective user ID") {
            return Error::new(Kind::Local, "initdb needs a name for the current user, and /etc/passwd has none")
                .help(format!(
                    "add an entry for user id {} to /etc/passwd, copy a template made by another user to {}, \
                     or set DATABASE_URL",
                    account.uid(),
                    data.with_extension("").display()
                ))
                .caused_by(error);
        }
        error
    })
}

/// Copies a template to a cluster's place; all of it or nothing.
pub(super) fn copy(account: &Account, template: &Path, data: &Path) -> Result<()> {
    let unfinished = data.with_extension("new");
    let copy = |options: &[&str]| {
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(|error| failed("removing", &unfinished, error))?;
        }
        run(account.command("cp").args(options).arg(template).arg(&unfinished), "copying the template")
    };
    // File systems that can share blocks do so; only GNU's cp knows how to ask.
    copy(&["-a", "--reflink=auto"]).or_else(|_| copy(&["-pPR"]))?;
    fs::rename(&unfinished, data).map_err(|error| failed("creating", data, error))
}
