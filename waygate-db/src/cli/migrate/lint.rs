//! `migrate lint`: what migrations would do to tables in use.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::super::{App, DialectArg, LINT, Progress, Reporting, connect, print, print_json};
use super::diff::history;
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::migrate::{Exceptions, Linted, Migration, MigrationState, Severity, Shadows, lint, status};
use crate::schema::Dialect;

/// Say which statements of migrations would keep others from a table, lose something or go wrong; exits with 7 on errors.
///
/// Without a name it looks at the migrations that the database lacks or, without a database, at the newest. They run in
/// a throw-away database alone.
#[derive(Debug, Args)]
pub struct Lint {
    /// Migrations, by folder, id or version; or a folder of migrations, whose newest is looked at
    #[arg(value_name = "FOLDER-OR-ID")]
    what: Vec<String>,
    /// Look at all migrations of the history
    #[arg(long)]
    all: bool,
    /// Exit with 7 on any finding, advice too
    #[arg(long)]
    strict: bool,
    /// Print what each statement does to existing tables, too
    #[arg(long)]
    trace: bool,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// A history, which of it is looked at, and what is known to stay.
struct Subject {
    migrations: Vec<Migration>,
    chosen: Vec<String>,
    exceptions: Exceptions,
}

impl Lint {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let dialect = &self.dialect.dialect;
        let subject = self.subject(app, &environment).await?;
        let linted = subject.lint(&environment, dialect).await?;
        if self.reporting.json {
            print_json(&linted)?;
        } else {
            self.print(&subject, &linted);
        }
        let worst = if self.strict { Severity::Advice } else { Severity::Error };
        let is_found = linted.findings.iter().any(|finding| finding.severity >= worst);
        Ok(if is_found { ExitCode::from(LINT) } else { ExitCode::SUCCESS })
    }

    async fn subject(&self, app: &App, environment: &Environment) -> Result<Subject> {
        let mut folder = app.history(&self.dialect.dialect)?.folder().map(Path::to_owned);
        let mut ids = Vec::new();
        let mut is_named = false;
        for what in &self.what {
            let path = Path::new(what);
            if !path.is_dir() {
                ids.push(what.clone());
            } else if ["up.sql", "migration.sql"].iter().any(|file| path.join(file).is_file()) {
                let path = path.canonicalize().map_err(|error| unreadable(path, error))?;
                ids.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
                folder = path.parent().map(Path::to_owned);
            } else {
                (folder, is_named) = (Some(path.to_owned()), true);
            }
        }
        let given = folder.filter(|folder| is_named || !ids.is_empty() || folder.is_dir());
        let (migrations, exceptions) = match &given {
            Some(folder) => (Migration::read_dir(folder)?, Exceptions::read(folder)?),
            None => (history(app, &self.dialect.dialect)?, Exceptions::default()),
        };
        let chosen = if self.all {
            migrations.iter().map(|one| one.id().to_owned()).collect()
        } else if !ids.is_empty() {
            ids.iter().map(|id| find(&migrations, id)).collect::<Result<_>>()?
        } else if is_named {
            newest(&migrations)
        } else {
            pending(&migrations, environment).await?
        };
        Ok(Subject { migrations, chosen, exceptions })
    }

    fn print(&self, subject: &Subject, linted: &Linted) {
        if self.trace {
            linted.observed.iter().filter(|seen| !seen.is_harmless()).for_each(print);
        }
        linted.findings.iter().for_each(print);
        let of = |severity| linted.findings.iter().filter(|finding| finding.severity == severity).count();
        let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Advice, "advice")];
        let counts = counts.map(|(severity, word)| format!("{} {word}", of(severity)));
        print(format_args!("looked at {}: {}", super::deploy::migrations(subject.chosen.len()), counts.join(", ")));
    }
}

impl Subject {
    /// Observes the chosen ones in a throw-away database, and those between them unseen.
    async fn lint(&self, environment: &Environment, dialect: &Dialect) -> Result<Linted> {
        let is_chosen = |id: &str| self.chosen.iter().any(|chosen| chosen == id);
        let Some(first) = self.migrations.iter().position(|one| is_chosen(one.id())) else {
            return Ok(Linted::default());
        };
        let last = self.migrations.iter().rposition(|one| is_chosen(one.id())).unwrap_or(first);
        let (before, rest) = self.migrations.split_at(first);
        let files = rest.get(..=last.saturating_sub(first)).unwrap_or(rest);
        let progress = Progress::spinner("trying the migrations in a throw-away database");
        let mut shadow = Shadows::open(environment, dialect).await?.empty().await?;
        let linted = lint(shadow.session_mut(), before, files, &self.exceptions).await;
        shadow.drop().await?;
        progress.finish();
        let Linted { mut findings, mut observed } = linted?;
        findings.retain(|finding| is_chosen(&finding.migration));
        observed.retain(|seen| is_chosen(&seen.migration));
        Ok(Linted { findings, observed })
    }
}

/// The migration of this id or version.
fn find(migrations: &[Migration], id: &str) -> Result<String> {
    let found = migrations.iter().find(|one| one.id() == id || one.version() == id);
    found.map(|one| one.id().to_owned()).ok_or_else(|| {
        Error::new(Kind::Config, format!("there is no migration {id}"))
            .help("name it by its folder, its whole id, or the 14 digits before the name")
    })
}

/// Those that the database lacks; without a database, the newest.
async fn pending(migrations: &[Migration], environment: &Environment) -> Result<Vec<String>> {
    let Some(session) = connect::migrator_if_known(environment).await? else { return Ok(newest(migrations)) };
    let status = status(&session, migrations).await?;
    session.close().await;
    let lacks = |state| !matches!(state, MigrationState::Applied | MigrationState::Newer | MigrationState::Missing);
    Ok(status.migrations.into_iter().filter(|one| lacks(one.state)).map(|one| one.id).collect())
}

fn newest(migrations: &[Migration]) -> Vec<String> {
    migrations.last().map(|one| one.id().to_owned()).into_iter().collect()
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::new(Kind::Io, format!("cannot read {}", path.display())).caused_by(error)
}
