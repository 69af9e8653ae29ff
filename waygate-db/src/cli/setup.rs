//! `setup`: a server of one's own made ready. Run again, it changes nothing.

mod logins;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::env_file::EnvFile;
use super::{App, DialectArg, Progress, Reporting, connect, migrate, print, print_json, table};
use crate::crypto::EnvKeys;
use crate::environment::{
    Environment, WAYGATE_APP_URL, WAYGATE_DIALECT, WAYGATE_KEK_CURRENT, WAYGATE_MIGRATOR_URL, WAYGATE_SERVICE_URL,
    WAYGATE_TENANT_SEAL_KEY,
};
use crate::error::{Error, Kind, Result};
use crate::local::database;
use crate::local::roles::{self, Passwords};
use crate::schema::Dialect;
use crate::session::Maintenance;
use crate::url::DatabaseUrl;

use logins::Logins;

/// Standard output, as a file name.
const STANDARD_OUTPUT: &str = "-";

/// A note: the data keys there are wrapped by another key than one made now.
const KEY_ELSEWHERE: &str = "no key was written: the database's values are sealed under one that is kept elsewhere";
/// A note: the event trigger is missing.
const UNGUARDED: &str = "a new table in public stays open until its migration closes it: the event trigger \
    waygate_row_security, which closes each at once, was not made because only a superuser can; \
    run `setup` once as a superuser to have it";

/// A note: what a sealed database still lacks.
const UNSEALED: &str = "next, run `waygate seal new`: it makes the key that seals tenants and writes it beside the URLs; \
    until the database knows one, no tenant's statement passes";

/// Prepare a server of your own: roles, rights, tables, and an env file with the URLs and a key
#[derive(Debug, Args)]
pub struct Setup {
    /// Where the URLs and the key go; `-` is standard output
    #[arg(long, default_value = ".env.local", value_name = "PATH")]
    env_file: PathBuf,
    #[command(flatten)]
    dialect: DialectArg,
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
    notes: Vec<&'static str>,
}

impl Setup {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let dialect = &self.dialect.dialect;
        let history = app.history(dialect)?;
        history.check_fresh()?;
        let environment = Environment::load()?;
        let admin_url = connect::administrator(&environment)?;
        require_same_database(&environment, &admin_url)?;
        let progress = Progress::spinner("preparing roles and rights");
        let admin = database::connect(&admin_url).await?;
        database::check_server_version(&admin).await?;
        database::refuse_foreign_objects(&admin).await?;

        // The passwords are written before the roles get them: a role whose password is lost is of no use.
        let missing = roles::missing_roles(&admin).await?;
        let passwords = Passwords::random()?;
        let logins = Logins::find(&environment, &admin_url, &passwords, &missing).await?;
        let mut file = self.read_env_file()?;
        logins.write(&mut file, &environment);
        let mut notes = Vec::new();
        if !file.has(WAYGATE_KEK_CURRENT) && !connect::has_keys(&environment) {
            if database::may_hold_data_keys(&admin).await? {
                notes.push(KEY_ELSEWHERE);
            } else {
                write_key(&mut file)?;
            }
        }
        if *dialect == Dialect::Sealed {
            if !file.has(WAYGATE_DIALECT) && environment.get(WAYGATE_DIALECT).is_none() {
                file.set(WAYGATE_DIALECT, &dialect.to_string());
            }
            if !file.has(WAYGATE_TENANT_SEAL_KEY) && environment.get(WAYGATE_TENANT_SEAL_KEY).is_none() {
                notes.push(UNSEALED);
            }
        }
        let env_file_changed = self.write_env_file(&file)?;
        roles::ensure_roles_for(&admin, &passwords, dialect).await?;
        match dialect {
            // The database is the platform's, and stays its.
            Dialect::Supabase(_) => database::share(&admin).await?,
            Dialect::Postgres | Dialect::Sealed | Dialect::Citus => {
                database::hand_over(&admin).await?;
                if !database::is_guarded(&admin).await? {
                    notes.push(UNGUARDED);
                }
            }
        }
        progress.finish();

        let migrator = logins.migrator().cloned().unwrap_or_else(|| admin_url.clone());
        let mut session = Maintenance::connect(&migrator.to_config()).await?;
        let migrations = migrate::deploy_with_progress(&mut session, history, Duration::from_secs(300)).await?;
        session.close().await;

        let report = Report {
            database: admin_url.to_string(),
            roles_created: missing,
            migrations,
            env_file: self.env_file.clone(),
            env_file_changed,
            notes,
        };
        self.print(&report)?;
        logins.require_all()?;
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
            write_out(&file.text())?;
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
        for note in &report.notes {
            print(format_args!("note: {note}"));
        }
        Ok(())
    }
}

/// Refuses when the environment's logins belong to another database than the one to prepare.
fn require_same_database(environment: &Environment, admin: &DatabaseUrl) -> Result<()> {
    for variable in [WAYGATE_APP_URL, WAYGATE_SERVICE_URL, WAYGATE_MIGRATOR_URL] {
        let Some(url) = environment.url(variable)? else { continue };
        if (url.host(), url.database()) != (admin.host(), admin.database()) {
            return Err(Error::new(
                Kind::Config,
                format!("{variable} names another database, {url}, than DATABASE_URL, {admin}; nothing was changed"),
            )
            .help("correct DATABASE_URL, or remove the variable from the environment and .env.local"));
        }
    }
    Ok(())
}

/// Writes a fresh key.
fn write_key(file: &mut EnvFile) -> Result<()> {
    for (name, value) in EnvKeys::fresh_vars()? {
        file.set(&name, &value);
    }
    Ok(())
}

/// Writes to standard output what must not be lost.
fn write_out(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
        Error::new(Kind::Io, "the env file could not be written to standard output; nothing was changed")
            .help("name a file with --env-file")
            .caused_by(error)
    })
}
