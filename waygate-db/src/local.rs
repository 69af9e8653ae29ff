//! A private PostgreSQL for development and tests, and the roles and databases on any server.
//!
//! [`LocalServer::start`] finds binaries (`binaries`; else fetches them, `download`), makes a template cluster once per
//! version (`template`), copies it into a folder of its own (`folders`) and runs it there (`process`) under an
//! unprivileged account (`account`). It listens on a socket in a folder that only that account and root can enter, on
//! 127.0.0.1 only if it is asked to and there with passwords, and stops with the process that started it; what a crash
//! of the machine leaves behind, the next start removes (`stale`).
//!
//! [`roles`] and [`database`] are not about private servers alone: `setup` uses them on any.

mod account;
mod binaries;
mod cluster;
pub mod database;
mod download;
mod driver;
mod folders;
mod options;
mod process;
pub mod roles;
mod scratch;
mod stale;
mod template;

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::url::DatabaseUrl;

use account::Account;
use binaries::Binaries;
use folders::{Home, RunFolder};
use process::{Listen, Process};

pub use cluster::{Cluster, Urls};
pub use options::LocalOptions;
pub use scratch::{Scratch, run_sql};

/// The superuser of a private server; it logs in without a password, through the socket alone.
const ADMINISTRATOR: &str = "postgres";

/// A private PostgreSQL server, stopped when it is dropped or when this process ends in whatever way.
///
/// A throw-away server takes its data with it; one of a [project](LocalOptions::project) keeps it.
///
/// ```no_run
/// # use waygate_db::local::{LocalOptions, LocalServer};
/// # async fn example() -> waygate_db::Result<()> {
/// let server = LocalServer::start(LocalOptions::new()).await?;
/// println!("{}", server.admin_url());
/// server.stop().await
/// # }
/// ```
#[derive(Debug)]
pub struct LocalServer {
    // Dropped in this order: the server stops before its folder goes.
    process: Process,
    folder: RunFolder,
    version: String,
    listen: Listen,
}

impl LocalServer {
    /// Starts a server and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// [`is_local`](Error::is_local) when no PostgreSQL of version 15 or later is found or can be fetched, when the
    /// server does not start, or when another process runs this project's server already.
    pub async fn start(options: LocalOptions) -> Result<Self> {
        // A caller that stops waiting drops the finished server here, which stops it.
        blocking(move || Self::start_now(&options)).await
    }

    fn start_now(options: &LocalOptions) -> Result<Self> {
        let account = Account::detect()?;
        let home = Home::open(&account, options.cache.as_deref())?;
        stale::sweep(&account, home.temporary());

        let folder = match &options.project {
            Some(project) => RunFolder::project(&account, &home, project)?,
            None => RunFolder::throwaway(&account, &home)?,
        };
        stale::stop_leftover(&account, &folder.data());
        let wanted = data_version(&folder.data())?;
        let binaries = Binaries::find(&account, &home, options, wanted)?;
        if wanted.is_none() {
            let template = template::ensure(&account, &home, &binaries, options)?;
            options.report("copying the template");
            template::copy(&account, &template, &folder.data())?;
        }
        options.report(&format!("starting PostgreSQL {}", binaries.version));
        let listen = if options.loopback { Listen::loopback(&folder.data())? } else { Listen::Nowhere };
        let process = Process::start(&account, &binaries, &folder, listen)?;
        Ok(Self { process, folder, version: binaries.version.to_string(), listen })
    }

    /// The administrator's URL: user `postgres`, database `postgres`, through the socket.
    #[must_use]
    pub fn admin_url(&self) -> DatabaseUrl {
        DatabaseUrl::socket(&self.folder.socket().to_string_lossy(), self.listen.port(), ADMINISTRATOR, ADMINISTRATOR)
    }

    /// The port of 127.0.0.1 that it listens on, if it was [asked](LocalOptions::loopback) to.
    #[must_use]
    pub fn loopback_port(&self) -> Option<u16> {
        match self.listen {
            Listen::Nowhere => None,
            Listen::Loopback(port) => Some(port),
        }
    }

    /// The server's version, as `15.18`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The folder that holds the cluster.
    #[must_use]
    pub fn data_folder(&self) -> std::path::PathBuf {
        self.folder.data()
    }

    /// Stops the server, disconnecting its clients, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// [`is_local`](Error::is_local) when the server does not stop.
    pub async fn stop(mut self) -> Result<()> {
        // Cancelled here, the closure still runs to its end.
        blocking(move || self.process.stop()).await
    }
}

/// Runs work that blocks without holding up the runtime's other tasks.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::new(Kind::Local, "the local server's task was stopped").caused_by(error)),
    }
}

/// The major version of the cluster in a folder, if there is one.
fn data_version(data: &Path) -> Result<Option<u32>> {
    let file = data.join("PG_VERSION");
    if !data.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&file).map_err(|error| failed("reading", &file, error))?;
    text.trim().parse().map(Some).map_err(|_| {
        Error::new(Kind::Local, format!("{} names no version of PostgreSQL", file.display()))
            .help(format!("remove {} to begin anew", data.display()))
    })
}

/// An error of the file system, with what was done to which path.
fn failed(verb: &str, path: &Path, error: std::io::Error) -> Error {
    Error::new(Kind::Local, format!("{verb} {} failed: {error}", path.display())).caused_by(error)
}

/// Asks until the answer is yes or the time is over.
fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let start = std::time::Instant::now();
    while !done() {
        if start.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    true
}
