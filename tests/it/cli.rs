//! The `waygate` binary from outside: what it prints, what it leaves, and how it ends.

mod adopting;
mod agreeing;
mod citus;
mod deploying;
mod killed;
mod linting;
mod pull;
mod refusing;
mod schema;
mod seeding;
mod settling;
mod setup;
mod stale;
mod tenant;
mod writing;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use waygate_db::local::Urls;

/// The binary in a folder of its own, with the variables of the test and no other.
pub(crate) struct Waygate {
    folder: TempDir,
    vars: Vec<(String, String)>,
}

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Waygate {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), vars: Vec::new() }
    }

    /// With the URLs of a database's logins, and without a key.
    pub(crate) fn on(urls: &Urls) -> Self {
        Self::new()
            .var("DATABASE_URL", urls.admin.expose())
            .var("WAYGATE_APP_URL", urls.app.expose())
            .var("WAYGATE_SERVICE_URL", urls.service.expose())
            .var("WAYGATE_MIGRATOR_URL", urls.migrator.expose())
    }

    /// With a key, too.
    fn with_key(self) -> Self {
        let [(kek, secret), (current, id)] = waygate_db::EnvKeys::fresh_vars().unwrap();
        self.var(&kek, secret).var(&current, id)
    }

    pub(crate) fn var(mut self, name: &str, value: impl Into<String>) -> Self {
        self.vars.push((name.to_owned(), value.into()));
        self
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waygate"));
        command.args(arguments).env_clear().envs(self.vars.iter().cloned()).current_dir(self.folder.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output().unwrap();
        let ended = Ended {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ended.stdout.contains('\x1b') && !ended.stderr.contains('\x1b'), "colours belong on a terminal");
        ended
    }

    /// A run that has to end well; what it printed.
    #[track_caller]
    pub(crate) fn prints(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.stdout, ended.stderr);
        ended.stdout
    }

    /// A run that has to end well; what it reported to programs.
    #[track_caller]
    pub(crate) fn reports(&self, arguments: &[&str]) -> Value {
        let printed = self.prints(&[arguments, &["--json"]].concat());
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{arguments:?}: {error} in {printed}"))
    }

    /// A run that has to fail with this code and print nothing but an error with advice; the error.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}{}", ended.stdout, ended.stderr);
        assert_eq!(ended.stdout, "", "{arguments:?}: errors go to standard error");
        assert!(ended.stderr.starts_with("error: ") && ended.stderr.contains("help: "), "{}", ended.stderr);
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended.stderr
    }
}
