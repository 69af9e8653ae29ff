//! What a caller may choose about a private server.

use std::fmt;
use std::path::PathBuf;

use crate::environment::{Environment, WAYGATE_PG_BIN};

type Progress = Box<dyn Fn(&str) + Send + Sync>;

/// How a [`LocalServer`](super::LocalServer) is started.
#[derive(Default)]
pub struct LocalOptions {
    pub(super) binaries: Option<PathBuf>,
    pub(super) cache: Option<PathBuf>,
    pub(super) project: Option<PathBuf>,
    pub(super) loopback: bool,
    progress: Option<Progress>,
}

impl LocalOptions {
    /// A throw-away server from the binaries found on the machine.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with the binaries that `WAYGATE_PG_BIN` names, if it is set.
    #[must_use]
    pub fn from_environment(environment: &Environment) -> Self {
        Self { binaries: environment.get(WAYGATE_PG_BIN).map(PathBuf::from), ..Self::default() }
    }

    /// The folder that holds `postgres` and `initdb`; by default it is searched for.
    #[must_use]
    pub fn binaries(mut self, folder: impl Into<PathBuf>) -> Self {
        self.binaries = Some(folder.into());
        self
    }

    /// The folder for templates, fetched binaries and projects' data; by default the system's or the user's cache.
    #[must_use]
    pub fn cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(folder.into());
        self
    }

    /// The project folder whose data is kept from run to run; by default the data is thrown away.
    #[must_use]
    pub fn project(mut self, folder: impl Into<PathBuf>) -> Self {
        self.project = Some(folder.into());
        self
    }

    /// Also listens on 127.0.0.1, at a port of its own, where every login needs its password: for programs that know no
    /// sockets. By default the server listens on no network.
    #[must_use]
    pub fn loopback(mut self) -> Self {
        self.loopback = true;
        self
    }

    /// What is called with each step, such as "copying the template"; by default nothing.
    ///
    /// It is called on another thread.
    #[must_use]
    pub fn on_progress(mut self, report: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.progress = Some(Box::new(report));
        self
    }

    pub(super) fn report(&self, step: &str) {
        tracing::debug!(step, "local server");
        if let Some(report) = &self.progress {
            report(step);
        }
    }
}

impl fmt::Debug for LocalOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { binaries, cache, project, loopback, progress: _ } = self;
        f.debug_struct("LocalOptions")
            .field("binaries", binaries)
            .field("cache", cache)
            .field("project", project)
            .field("loopback", loopback)
            .finish_non_exhaustive()
    }
}
