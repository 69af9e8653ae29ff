//! A server that writes down all it can: statements, parameters, plans, details.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use waygate_db::local::{LocalServer, Urls, run_sql};

use super::marker::Marker;
use crate::support::{deployed_on, own_server};

/// Every setting by which a server logs more.
const LOUD: [&str; 13] = [
    "log_statement = 'all'",
    "log_min_duration_statement = 0",
    "log_parameter_max_length = -1",
    "log_parameter_max_length_on_error = -1",
    "log_error_verbosity = 'verbose'",
    "log_min_messages = 'debug1'",
    "log_min_error_statement = 'debug1'",
    "log_lock_waits = on",
    "log_replication_commands = on",
    "log_temp_files = 0",
    "debug_print_parse = on",
    "debug_print_rewritten = on",
    "debug_print_plan = on",
];

/// What a server does by itself: the settings that a private one is started without.
const USUAL: [&str; 2] = ["log_error_verbosity = 'default'", "log_min_error_statement = 'error'"];

/// A server of one test, with a deployed database.
pub(super) struct Server {
    server: LocalServer,
    pub(super) urls: Urls,
}

impl Server {
    /// One that logs all it can. `None` where no server can be started.
    pub(super) async fn loud() -> Option<Self> {
        Self::with(&LOUD).await
    }

    /// One that logs as servers do where nobody changed a setting.
    pub(super) async fn usual() -> Option<Self> {
        Self::with(&USUAL).await
    }

    async fn with(settings: &[&str]) -> Option<Self> {
        let server = own_server().await?;
        let admin = server.admin_url();
        // A role's settings rule over those on the command line of a private server.
        for setting in settings {
            run_sql(&admin, &format!("ALTER ROLE ALL SET {setting}")).await.unwrap();
        }
        let urls = deployed_on(&server, "leaky").await;
        Some(Self { server, urls })
    }

    /// The whole log since the start.
    pub(super) fn log(&self) -> String {
        let place: PathBuf = self.server.data_folder().ancestors().nth(2).unwrap().join("server.log");
        String::from_utf8_lossy(&fs::read(place).unwrap()).into_owned()
    }

    /// The files of the cluster that show the marker: tables, indexes, statistics, the write-ahead log.
    pub(super) async fn files_with(&self, marker: &Marker) -> String {
        run_sql(&self.urls.admin, "CHECKPOINT").await.unwrap();
        let mut grep = Command::new("grep");
        grep.args(["-rlaF"]);
        for form in marker.forms() {
            grep.arg("-e").arg(form);
        }
        let found = grep.arg(self.server.data_folder()).output().unwrap();
        assert!(found.status.code().unwrap() < 2, "{}", String::from_utf8_lossy(&found.stderr));
        String::from_utf8(found.stdout).unwrap()
    }
}
