//! The account a private server runs under: one's own, or an unprivileged one when root starts it.
//!
//! PostgreSQL refuses to run as root, rightly. Everything that touches a cluster runs as the account, too: then no
//! file in it, whoever wrote it, can lead a privileged process astray.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::error::{Error, Kind, Result};

use super::failed;

/// Accounts that a server started by root may run under, the better first.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

#[derive(Debug, Clone)]
pub(super) struct Account {
    /// Who runs this process.
    own_uid: u32,
    /// Who runs the server, where that is another.
    other: Option<Login>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Login {
    uid: u32,
    gid: u32,
}

impl Account {
    /// Finds out who runs this process and, for root, who shall run the server.
    pub(super) fn detect() -> Result<Self> {
        let own_uid = own_uid()?;
        if own_uid != 0 {
            return Ok(Self { own_uid, other: None });
        }
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let other = UNPRIVILEGED.iter().find_map(|name| find_login(&passwd, name)).ok_or_else(|| {
            Error::new(Kind::Local, "PostgreSQL does not run as root, and /etc/passwd has no user postgres or nobody")
                .help("run as an ordinary user, create the user postgres, or set DATABASE_URL")
        })?;
        Ok(Self { own_uid, other: Some(other) })
    }

    /// The user id of this process.
    pub(super) fn own_uid(&self) -> u32 {
        self.own_uid
    }

    /// The user id of the server.
    pub(super) fn uid(&self) -> u32 {
        self.other.map_or(self.own_uid, |login| login.uid)
    }

    /// Whether root starts the server under another account.
    pub(super) fn is_switched(&self) -> bool {
        self.other.is_some()
    }

    /// A command that runs as the account, with an empty environment and without groups, in `/`.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C").env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        command.current_dir("/").stdin(Stdio::null());
        if let Some(Login { uid, gid }) = self.other {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Makes the account the owner of a path of ours.
    pub(super) fn give(&self, path: &Path) -> Result<()> {
        let Some(Login { uid, gid }) = self.other else { return Ok(()) };
        chown(path, Some(uid), Some(gid)).map_err(|error| failed("giving the server's account", path, error))
    }

    /// Whether the account may search every folder on the way to, and including, this one.
    pub(super) fn can_reach(&self, folder: &Path) -> bool {
        let searchable = |folder: &Path| {
            fs::metadata(folder).is_ok_and(|found| {
                found.is_dir()
                    && (found.mode() & 0o001 != 0 || (found.uid() == self.uid() && found.mode() & 0o100 != 0))
            })
        };
        // One's own processes find out by themselves; groups and access lists are not modelled here.
        !self.is_switched() || folder.ancestors().all(searchable)
    }
}

/// Runs a command to its end; a failure carries what it last wrote.
pub(super) fn run(command: &mut Command, what: &str) -> Result<Output> {
    let output = command
        .output()
        .map_err(|error| Error::new(Kind::Local, format!("{what} could not be run: {error}")).caused_by(error))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = match last_lines(&String::from_utf8_lossy(&output.stderr)) {
        said if said.is_empty() => "it did not say why".to_owned(),
        said => said,
    };
    Err(Error::new(Kind::Local, format!("{what} failed ({}): {said}", output.status)))
}

/// The last few lines that say something, on one line.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.get(lines.len().saturating_sub(4)..).unwrap_or_default().join("; ")
}

/// The effective user id, read from a file just made: the standard library has no call for it.
fn own_uid() -> Result<u32> {
    let folder = std::env::temp_dir();
    let found = tempfile::tempfile_in(&folder).and_then(|file| file.metadata());
    Ok(found.map_err(|error| failed("writing to", &folder, error))?.uid())
}

/// Reads `name:password:uid:gid:…`. A name that is root by another name is no use.
fn find_login(passwd: &str, name: &str) -> Option<Login> {
    let mut fields = passwd.lines().map(|line| line.split(':')).find_map(|mut fields| {
        let found = fields.next()? == name;
        found.then_some(fields)
    })?;
    let (_, uid, gid) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    (uid != 0 && gid != 0).then_some(Login { uid, gid })
}
