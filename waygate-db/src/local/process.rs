//! The running server, and the guard that ends it with its owner.

use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use crate::error::{Error, Kind, Result};

use super::account::{Account, last_lines};
use super::binaries::Binaries;
use super::folders::RunFolder;
use super::{failed, stale, wait_until};

/// The guard: a shell that starts the server and waits, on one side, for it to end and, on the other, for the end of
/// its own input. We hold the other end of that pipe, and the system closes it when our process ends, even by a `kill
/// -9`: then the server gets SIGINT (disconnect everybody, shut down cleanly) and a throw-away folder goes.
/// Unlike a parent-death signal it needs no Linux and no thread that outlives the start.
const GUARD: &str = r#"
remove=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -INT "$server"; } 2>/dev/null &
watch=$!
wait "$server"; status=$?
kill "$watch" 2>/dev/null
[ -z "$remove" ] || rm -rf "$remove"
exit "$status"
"#;

/// The port of a server without a network: part of the socket's name only.
const SOCKET_PORT: u16 = 5432;
/// Who may log in how: the socket is in a folder that only the account and root can enter.
const PASSWORDS: &str = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n";

/// The longest a start may take; a cluster that must recover first takes seconds.
const START: Duration = Duration::from_secs(60);
/// The longest a clean stop may take, and then an immediate one.
const STOP: Duration = Duration::from_secs(10);

/// Where the server listens beside its socket.
#[derive(Debug, Clone, Copy)]
pub(super) enum Listen {
    /// On no network.
    Nowhere,
    /// On 127.0.0.1, at this port.
    Loopback(u16),
}

impl Listen {
    /// On 127.0.0.1, at a port that is free now, once the server asks whoever comes from there for a password.
    pub(super) fn loopback(data: &Path) -> Result<Self> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let free = free.map_err(|error| Error::new(Kind::Local, "no port of 127.0.0.1 is free").caused_by(error))?;
        let rules = data.join("pg_hba.conf");
        fs::write(&rules, PASSWORDS).map_err(|error| failed("writing", &rules, error))?;
        Ok(Self::Loopback(free.port()))
    }

    /// The port, which is also a part of the socket's name.
    pub(super) const fn port(self) -> u16 {
        match self {
            Self::Nowhere => SOCKET_PORT,
            Self::Loopback(port) => port,
        }
    }

    const fn addresses(self) -> &'static str {
        match self {
            Self::Nowhere => "listen_addresses=",
            Self::Loopback(_) => "listen_addresses=127.0.0.1",
        }
    }
}

#[derive(Debug)]
pub(super) struct Process {
    guard: Child,
    /// Open as long as the server shall run.
    lifeline: Option<ChildStdin>,
    account: Account,
    data: PathBuf,
}

impl Process {
    /// Starts the server and waits until it takes connections.
    pub(super) fn start(account: &Account, binaries: &Binaries, folder: &RunFolder, listen: Listen) -> Result<Self> {
        let log = folder.log();
        let output = open_log(&log)?;
        let errors = output.try_clone().map_err(|error| failed("opening", &log, error))?;
        let mut command = account.command("sh");
        command.args(["-c", GUARD, "waygate-guard"]);
        command.arg(folder.throwaway_path().unwrap_or(Path::new("")));
        add_server(&mut command, binaries, folder, listen);
        command.stdin(Stdio::piped()).stdout(output).stderr(errors);
        // A group of its own: Ctrl-C in a terminal is for our process, which then stops the server in order.
        command.process_group(0);
        let mut guard = command.spawn().map_err(|error| {
            Error::new(Kind::Local, format!("the server could not be started: {error}")).caused_by(error)
        })?;
        let lifeline = guard.stdin.take();
        let mut process = Self { guard, lifeline, account: account.clone(), data: folder.data() };
        process.wait_until_ready(&log)?;
        Ok(process)
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<()> {
        let file = self.data.join("postmaster.pid");
        let mut ended = false;
        let ready = wait_until(START, || {
            ended = self.has_ended();
            ended || is_ready(&file)
        });
        if ready && !ended {
            return Ok(());
        }
        let said = last_lines(&fs::read_to_string(log).unwrap_or_default());
        let what = if ended { "the server ended at once" } else { "the server does not answer" };
        Err(Error::new(Kind::Local, format!("{what}: {said}"))
            .help("set WAYGATE_PG_BIN to the binaries of another PostgreSQL, or DATABASE_URL to a running server"))
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.guard.try_wait(), Ok(None))
    }

    /// Stops the server and waits until it is gone; a second call has nothing to do.
    pub(super) fn stop(&mut self) -> Result<()> {
        drop(self.lifeline.take());
        if wait_until(STOP, || self.has_ended()) {
            return Ok(());
        }
        let file = self.data.join("postmaster.pid");
        if let Some(pid) = stale::postmaster(&file) {
            stale::signal(&self.account, "QUIT", pid);
        }
        if wait_until(STOP, || self.has_ended()) {
            return Ok(());
        }
        Err(Error::new(Kind::Local, "the server did not stop").help("end its process by hand"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::warn!(%error, "local server");
        }
    }
}

/// The server's command line: one socket, and no network unless one is asked for; the log keeps no statement and no
/// value.
fn add_server(command: &mut Command, binaries: &Binaries, folder: &RunFolder, listen: Listen) {
    command.arg(binaries.folder.join("postgres")).arg("-D").arg(folder.data()).arg("-k").arg(folder.socket());
    command.args(["-p", &listen.port().to_string()]);
    let mut settings = vec![
        listen.addresses(),
        "unix_socket_permissions=0700",
        "max_connections=200",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
        "synchronous_commit=off",
    ];
    if folder.throwaway_path().is_some() {
        // Nobody misses this data after a crash.
        settings.extend(["fsync=off", "full_page_writes=off"]);
    }
    for setting in settings {
        command.args(["-c", setting]);
    }
}

/// A log that holds this run alone.
fn open_log(path: &Path) -> Result<File> {
    let opened = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path);
    opened.map_err(|error| failed("opening", path, error))
}

/// Whether the server says, on the eighth line of its pid file, that it takes connections.
fn is_ready(file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"))
}
