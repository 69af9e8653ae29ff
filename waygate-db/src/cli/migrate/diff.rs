//! `migrate diff`: what two of models, history, database and others disagree in.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::Args;
use serde::Serialize;

use super::super::{App, BROKEN, DialectArg, Progress, Reporting, connect, print, print_json, warn};
use crate::catalog::{Catalog, Difference, Key, differences, plan};
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::migrate::{Migration, Shadow, Shadows, managed, refuse_obstacles, settled, without_ledger};
use crate::schema::Dialect;
use crate::session::Maintenance;
use crate::url::DatabaseUrl;

/// Print what two of models, history, database and others disagree in.
///
/// With the models as one side, what no model manages is left out of both, and told.
#[derive(Debug, Args)]
pub struct Diff {
    /// What is: `history`, `database`, `models`, `empty`, `file:PATH` with SQL, or a database's URL
    #[arg(long, value_name = "SIDE", default_value_t = Side::History)]
    from: Side,
    /// What it should be; the same words
    #[arg(long, value_name = "SIDE", default_value_t = Side::Models)]
    to: Side,
    /// Print the statements that would turn the one into the other, in their plain form
    #[arg(long)]
    sql: bool,
    /// Exit with 4 when there is a difference
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// One side of a comparison.
#[expect(clippy::large_enum_variant, reason = "a command has two of them")]
#[derive(Debug, Clone, PartialEq, Eq)]
enum Side {
    Models,
    History,
    Database,
    Empty,
    File(PathBuf),
    Url(DatabaseUrl),
}

/// A side's catalog, and the database that it was read from.
#[expect(clippy::large_enum_variant, reason = "a command has two of them")]
enum Read {
    Shadow(Shadow, Catalog),
    Live(Maintenance, Catalog),
}

/// What the command found, for programs.
#[derive(Debug, Serialize)]
struct Found {
    from: String,
    to: String,
    differences: Vec<Difference>,
    unmanaged: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<Vec<String>>,
}

impl Diff {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let dialect = &self.dialect.dialect;
        let progress = Progress::spinner("reading both sides");
        let shadows = Shadows::open(&environment, dialect).await?;
        let from = read(&self.from, app, dialect, &environment, &shadows).await?;
        let to = read(&self.to, app, dialect, &environment, &shadows).await?;
        let (found, wanted) = settled(from.pair(), to.pair()).await?;
        progress.finish();
        let (found, wanted, unmanaged) = self.managed(app, found, wanted);
        from.close().await?;
        to.close().await?;
        let differences = differences(&found.0, &wanted);
        let sql = self.sql.then(|| statements(&found, &wanted, &unmanaged)).transpose()?;
        let is_equal = differences.is_empty();
        let unmanaged: Vec<String> = unmanaged.iter().map(ToString::to_string).collect();
        let report = Found { from: self.from.to_string(), to: self.to.to_string(), differences, unmanaged, sql };
        if self.reporting.json {
            print_json(&report)?;
        } else {
            print_found(&report);
        }
        Ok(if self.exit_code && !is_equal { ExitCode::from(BROKEN) } else { ExitCode::SUCCESS })
    }

    /// Both sides as far as they are compared, the first also whole.
    fn managed(&self, app: &App, from: Catalog, to: Catalog) -> ((Catalog, Catalog), Catalog, Vec<Key>) {
        let dialect = &self.dialect.dialect;
        if self.to == Side::Models {
            let managed = managed(app.schema, dialect, &from, &to);
            return ((managed.found, from), managed.models, managed.unmanaged);
        }
        if self.from == Side::Models {
            let managed = managed(app.schema, dialect, &to, &from);
            return ((managed.models, from), managed.found, managed.unmanaged);
        }
        ((from.clone(), from), to, Vec::new())
    }
}

fn statements(found: &(Catalog, Catalog), wanted: &Catalog, unmanaged: &[Key]) -> Result<Vec<String>> {
    let actions = plan(&found.0, wanted)?;
    refuse_obstacles(&found.1, unmanaged, &actions)?;
    Ok(actions.iter().map(ToString::to_string).collect())
}

async fn read(side: &Side, app: &App, dialect: &Dialect, environment: &Environment, shadows: &Shadows) -> Result<Read> {
    let shadow = match side {
        Side::Models => shadows.models(app.schema).await?,
        Side::History => shadows.history(&history(app, dialect)?).await?,
        Side::Empty => shadows.empty().await?,
        Side::File(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Error::new(Kind::Io, format!("cannot read {}", path.display())).caused_by(error))?;
            let shadow = shadows.empty().await?;
            shadow.run(&text).await?;
            shadow
        }
        Side::Database => return Read::live(connect::migrator(environment).await?).await,
        Side::Url(url) => return Read::live(Maintenance::connect(&url.to_config()).await?).await,
    };
    let catalog = shadow.catalog().await?;
    Ok(Read::Shadow(shadow, catalog))
}

/// The migrations as they are in their folder now, where the program knows it; else those that it was compiled with.
pub(in crate::cli) fn history(app: &App, dialect: &Dialect) -> Result<Vec<Migration>> {
    let embedded = app.history(dialect)?;
    match embedded.folder().filter(|folder| folder.is_dir()) {
        Some(folder) => Migration::read_dir(folder),
        None => Ok(embedded.to_vec()),
    }
}

impl Read {
    async fn live(session: Maintenance) -> Result<Self> {
        let catalog = without_ledger(Catalog::read(&session).await?);
        Ok(Self::Live(session, catalog))
    }

    fn pair(&self) -> (&Maintenance, Catalog) {
        match self {
            Self::Shadow(shadow, catalog) => (shadow.session(), catalog.clone()),
            Self::Live(session, catalog) => (session, catalog.clone()),
        }
    }

    async fn close(self) -> Result<()> {
        match self {
            Self::Shadow(shadow, _) => shadow.drop().await,
            Self::Live(session, _) => {
                session.close().await;
                Ok(())
            }
        }
    }
}

fn print_found(found: &Found) {
    for one in &found.unmanaged {
        warn(format_args!("{one} is no model's, and was left out"));
    }
    match &found.sql {
        Some(sql) => sql.iter().for_each(print),
        None if found.differences.is_empty() => print(format_args!("{} and {} agree", found.from, found.to)),
        None => found.differences.iter().for_each(print),
    }
}

impl FromStr for Side {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "models" => Ok(Self::Models),
            "history" => Ok(Self::History),
            "database" => Ok(Self::Database),
            "empty" => Ok(Self::Empty),
            _ if text.starts_with("postgres://") || text.starts_with("postgresql://") => text.parse().map(Self::Url),
            _ => text.strip_prefix("file:").map(|path| Self::File(path.into())).ok_or_else(|| {
                Error::new(Kind::Config, "a side is models, history, database, empty, file:PATH or a database's URL")
            }),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Models => f.write_str("models"),
            Self::History => f.write_str("history"),
            Self::Database => f.write_str("database"),
            Self::Empty => f.write_str("empty"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Url(url) => write!(f, "{url}"),
        }
    }
}
