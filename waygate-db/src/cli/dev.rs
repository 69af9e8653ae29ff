//! `dev`: a private server with the project's database, until Ctrl-C.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::env_file::EnvFile;
use super::{App, Progress, Reporting, connect, migrate, print, print_json, seed, stopped};
use crate::crypto::{EnvKeys, provider_from};
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::local::{Cluster, LocalOptions, Urls};
use crate::session::{Config, Maintenance};

/// Where a key that was made here is kept.
const ENV_FILE: &str = ".env.local";

/// Run a private PostgreSQL for development: migrated, seeded, until Ctrl-C
#[derive(Debug, Args)]
pub struct Dev {
    #[command(flatten)]
    reporting: Reporting,
}

/// What `dev` says of the running server.
#[derive(Debug, Serialize)]
struct Running {
    server: String,
    app_url: String,
    service_url: String,
    migrator_url: String,
    seeded: usize,
}

impl Dev {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        app.migrations.check_fresh()?;
        let folder = std::env::current_dir()
            .map_err(|error| Error::new(Kind::Io, "the current folder cannot be read").caused_by(error))?;
        let environment = with_key(Environment::load()?)?;
        let progress = Progress::spinner("starting PostgreSQL");
        let say = progress.clone();
        let options =
            LocalOptions::from_environment(&environment).project(folder).on_progress(move |stage| say.say(stage));
        let cluster = Cluster::private(options).await;
        progress.finish();
        let cluster = cluster?;
        let urls = cluster.keep_database(app.name).await?;

        let mut session = Maintenance::connect(&urls.migrator.to_config()).await?;
        let report = migrate::deploy_with_progress(&mut session, app.migrations, Duration::from_secs(60)).await?;
        session.close().await;
        let seeded = seed_database(app, &urls, &environment).await?;

        let running = Running {
            server: cluster.description(),
            app_url: urls.app.expose(),
            service_url: urls.service.expose(),
            migrator_url: urls.migrator.expose(),
            seeded,
        };
        if self.reporting.json {
            print_json(&running)?;
        } else {
            migrate::print_report(&report);
            print_running(&running);
        }
        stopped().await?;
        cluster.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Sees to a key, in `.env.local` if there is none anywhere: what is sealed today must open tomorrow.
fn with_key(environment: Environment) -> Result<Environment> {
    if connect::has_keys(&environment) {
        return Ok(environment);
    }
    let mut file = EnvFile::read(Path::new(ENV_FILE))?;
    for (name, value) in EnvKeys::fresh_vars()? {
        file.set(&name, &value);
    }
    file.write(Path::new(ENV_FILE))?;
    Environment::load()
}

async fn seed_database(app: &App, urls: &Urls, environment: &Environment) -> Result<usize> {
    let Some(seed) = app.seed else { return Ok(0) };
    let mut config = Config::new(urls.app.clone()).service_url(urls.service.clone());
    if let Some(keys) = provider_from(environment)? {
        config = config.keys(keys);
    }
    let db = crate::session::Db::connect(config).await?;
    let report = seed::seed_with_progress(seed, &db).await;
    db.close();
    report.map(|report| report.inserted())
}

fn print_running(running: &Running) {
    print(format_args!("{}; {} rows seeded", running.server, running.seeded));
    print(format_args!("WAYGATE_APP_URL='{}'", running.app_url));
    print(format_args!("WAYGATE_SERVICE_URL='{}'", running.service_url));
    print(format_args!("WAYGATE_MIGRATOR_URL='{}'", running.migrator_url));
    print("running until Ctrl-C; the data stays for the next time");
}
