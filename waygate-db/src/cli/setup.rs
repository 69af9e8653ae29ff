//! `setup`: a server of one's own made ready. Run again, it changes nothing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::env_file::EnvFile;
use super::{App, Progress, Reporting, connect, migrate, print, print_json, table};
use crate::crypto::EnvKeys;
use crate::environment::{
    Environment, WAYGATE_APP_URL, WAYGATE_KEK_CURRENT, WAYGATE_MIGRATOR_URL, WAYGATE_SERVICE_URL,
};
use crate::error::Result;
use crate::local::roles::{self, Passwords};
use crate::local::{Urls, database};
use crate::migrate::check_empty_or_ours;
use crate::session::Maintenance;
use crate::url::DatabaseUrl;

/// Standard output, as a file name.
const STANDARD_OUTPUT: &str = "-";

/// Prepare a server of your own: roles, rights, tables, and an env file with the URLs and a key
#[derive(Debug, Args)]
pub struct Setup {
    /// Where the URLs and the key go; `-` is standard output
    #[arg(long, default_value = ".env.local", value_name = "PATH")]
    env_file: PathBuf,
    #[command(flatten)]
    reporting: Reporting,
}

/// What a setup did.
#[derive(Debug, Serialize)]
struct Report {
    database: String,
    roles_created: Vec<&'static str>,
    migrations: crate::migrate::Report,
    env_file: PathBuf,
    env_file_changed: bool,
}

impl Setup {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let admin_url = connect::administrator(&environment)?;
        let progress = Progress::spinner("preparing roles and rights");
        let admin = database::connect(&admin_url).await?;
        database::check_server_version(&admin).await?;
        let passwords = Passwords::random()?;
        let roles_created = roles::ensure_roles(&admin, &passwords).await?;

        // The passwords are written before anything else can fail: a role whose password is lost is of no use.
        let mut file = self.read_env_file()?;
        let urls = Urls::derive(&admin_url)?.with_passwords(&passwords, &roles_created);
        complete(&mut file, &environment, &urls, &roles_created)?;
        let env_file_changed = self.write_env_file(&file)?;

        refuse_foreign_database(&admin_url).await?;
        database::hand_over(&admin).await?;
        progress.finish();
        let migrator = migrator_url(&environment, &admin_url, &urls, &roles_created)?;
        let mut session = Maintenance::connect(&migrator.to_config()).await?;
        let migrations = migrate::deploy_with_progress(&mut session, app, Duration::from_secs(300)).await?;
        session.close().await;

        let report = Report {
            database: admin_url.to_string(),
            roles_created,
            migrations,
            env_file: self.env_file.clone(),
            env_file_changed,
        };
        self.print(&report)?;
        Ok(ExitCode::SUCCESS)
    }

    fn to_standard_output(&self) -> bool {
        self.env_file == Path::new(STANDARD_OUTPUT)
    }

    fn read_env_file(&self) -> Result<EnvFile> {
        if self.to_standard_output() { Ok(EnvFile::default()) } else { EnvFile::read(&self.env_file) }
    }

    fn write_env_file(&self, file: &EnvFile) -> Result<bool> {
        if !file.is_changed() {
            return Ok(false);
        }
        if self.to_standard_output() {
            print(file.text().trim_end());
        } else {
            file.write(&self.env_file)?;
        }
        Ok(true)
    }

    fn print(&self, report: &Report) -> Result<()> {
        if self.to_standard_output() {
            // Standard output is an env file now; nothing else belongs there.
            return Ok(());
        }
        if self.reporting.json {
            return print_json(report);
        }
        let mut out = table(&["step", "result"]);
        let created = if report.roles_created.is_empty() {
            "all there before".to_owned()
        } else {
            format!("created {}", report.roles_created.join(", "))
        };
        let applied = match report.migrations.applied.len() {
            0 => format!("nothing to apply, {} before", report.migrations.already_applied),
            count => format!("{count} applied"),
        };
        let file = if report.env_file_changed { "written, readable by you alone" } else { "unchanged" };
        out.add_row(["database".to_owned(), report.database.clone()]);
        out.add_row(["roles".to_owned(), created]);
        out.add_row(["migrations".to_owned(), applied]);
        out.add_row([report.env_file.display().to_string(), file.to_owned()]);
        print(out);
        Ok(())
    }
}

/// Writes the URLs of new roles and what neither the file nor the environment has.
fn complete(file: &mut EnvFile, environment: &Environment, urls: &Urls, created: &[&'static str]) -> Result<()> {
    let logins = [
        (WAYGATE_APP_URL, roles::APP, &urls.app),
        (WAYGATE_SERVICE_URL, roles::SERVICE, &urls.service),
        (WAYGATE_MIGRATOR_URL, roles::MIGRATOR, &urls.migrator),
    ];
    for (variable, role, url) in logins {
        let known = file.has(variable) || environment.get(variable).is_some();
        if created.contains(&role) || !known {
            file.set(variable, &url.expose());
        }
    }
    if !file.has(WAYGATE_KEK_CURRENT) && environment.get(WAYGATE_KEK_CURRENT).is_none() {
        for (name, value) in EnvKeys::fresh_vars()? {
            file.set(&name, &value);
        }
    }
    Ok(())
}

/// Refuses a database with tables of somebody else before its rights are changed. An administrator who cannot become the
/// owner yet learns it from the deploy instead, which refuses too.
async fn refuse_foreign_database(admin: &DatabaseUrl) -> Result<()> {
    match Maintenance::connect(&admin.to_config()).await {
        Ok(session) => {
            let result = check_empty_or_ours(&session).await;
            session.close().await;
            result
        }
        Err(error) if error.is_permission_denied() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Who deploys: the new migrator, else the one the environment names, else the administrator.
fn migrator_url(
    environment: &Environment,
    admin: &DatabaseUrl,
    urls: &Urls,
    created: &[&'static str],
) -> Result<DatabaseUrl> {
    if created.contains(&roles::MIGRATOR) {
        return Ok(urls.migrator.clone());
    }
    Ok(environment.url(WAYGATE_MIGRATOR_URL)?.unwrap_or_else(|| admin.clone()))
}
