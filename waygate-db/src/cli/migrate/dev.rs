//! `migrate dev`: writes the migration that the models ask for, and applies it to the development database.

mod ask;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::super::{App, DialectArg, PENDING, Progress, Reporting, connect, print, print_json, warn};
use super::{deploy_with_progress, print_report};
use crate::catalog::Key;
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::migrate::proposal::{Decisions, Ground, Outcome, Proposal, Questions, propose};

use crate::migrate::{Migration, Report, Shadows};
use crate::schema::Dialect;

/// Write the migration that the models ask for, try it, and apply it to the development database.
///
/// The models are those that this program was compiled with; the history is read from its folder. Without a terminal,
/// what nobody decided is printed as JSON with the flags that decide it, and the exit code is 3.
#[derive(Debug, Args)]
pub struct Dev {
    /// What the migration does, as in `add_region`; the folder is named after it
    #[arg(long)]
    name: String,
    /// What was renamed: `table=table`, `table.column=table.column`, `type.label=type.label`
    #[arg(long, value_name = "OLD=NEW", value_parser = pair)]
    rename: Vec<(String, String)>,
    /// What was not renamed but is to go: `table`, `table.column`, `type.label`
    #[arg(long, value_name = "NAME")]
    drop: Vec<String>,
    /// What may be lost with its rows or values: `table`, `table.column`, `type.label`
    #[arg(long, value_name = "NAME")]
    accept_data_loss: Vec<String>,
    /// What fills a column in the rows that are there: `table.column=SQL expression`
    #[arg(long, value_name = "COLUMN=SQL", value_parser = pair)]
    backfill: Vec<(String, String)>,
    /// Lock tables for as long as a statement takes, as suits small ones: shorter files
    #[arg(long)]
    plain: bool,
    /// Write the files, and apply nothing
    #[arg(long)]
    create_only: bool,
    /// Write the migration into the history of every kind of server that the project has
    #[arg(long)]
    all_dialects: bool,
    /// The folder that holds the folders of migrations
    #[arg(long, value_name = "PATH", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// What became of one history.
#[derive(Debug, Serialize)]
struct Written {
    dialect: String,
    /// The migration's name; none where history and models agree.
    id: Option<String>,
    files: Vec<PathBuf>,
    /// What is lost, in words.
    losses: Vec<String>,
    hints: Vec<String>,
    /// What the models do not manage, and stays as it is.
    unmanaged: Vec<String>,
}

/// What the command did, for programs.
#[derive(Debug, Serialize)]
struct Done {
    histories: Vec<Written>,
    /// What was applied to the development database, if there is one.
    deployed: Option<Report>,
}

/// What nobody decided, for programs.
#[derive(Debug, Serialize)]
struct Undecided<'a> {
    dialect: String,
    undecided: &'a Questions,
}

impl Dev {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let mut decisions = self.decisions();
        let mut histories = Vec::new();
        for dialect in self.dialects(app)? {
            match self.settle(app, &dialect, &environment, &mut decisions).await? {
                Ok(written) => histories.push(written),
                Err(code) => return Ok(code),
            }
        }
        let deployed = if self.create_only { None } else { self.deploy(&environment).await? };
        let done = Done { histories, deployed };
        if self.reporting.json {
            print_json(&done)?;
        } else {
            self.print(&done);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn decisions(&self) -> Decisions {
        Decisions {
            name: self.name.clone(),
            renames: self.rename.clone(),
            drops: self.drop.clone(),
            accepted: self.accept_data_loss.clone(),
            fillings: self.backfill.clone(),
            plain: self.plain,
        }
    }

    /// The kinds of server whose history is continued.
    fn dialects(&self, app: &App) -> Result<Vec<Dialect>> {
        if !self.all_dialects {
            return Ok(vec![self.dialect.dialect.clone()]);
        }
        let others = app.dialects.iter().map(|history| history.dialect.parse());
        [Ok(Dialect::Postgres)].into_iter().chain(others).collect()
    }

    /// Proposes until everything is decided, and writes; or says what nobody decided, and how to end.
    async fn settle(
        &self,
        app: &App,
        dialect: &Dialect,
        environment: &Environment,
        decisions: &mut Decisions,
    ) -> Result<Result<Written, ExitCode>> {
        let folder = self.folder(dialect);
        let migrations = history(&folder)?;
        // Only the database of its own kind can say how many rows it has.
        let is_developed = *dialect == self.dialect.dialect;
        let development = if is_developed { connect::migrator_if_known(environment).await? } else { None };
        let shadows = Shadows::open(environment, dialect).await?;
        let (schema, shadows) = (app.schema, &shadows);
        let ground = Ground { schema, dialect, migrations: &migrations, shadows, development: development.as_ref() };
        loop {
            let progress = Progress::spinner("replaying the history, and the models beside it");
            let outcome = propose(ground, decisions).await;
            progress.finish();
            match outcome? {
                Outcome::Nothing { hints, unmanaged } => {
                    return Ok(Ok(Written::nothing(dialect, hints, &unmanaged)));
                }
                Outcome::Proposed(proposal) => return Written::of(dialect, &proposal, &folder).map(Ok),
                Outcome::Undecided(questions) if !self.reporting.json && ask::is_possible() => {
                    ask::decide(&questions, decisions)?;
                }
                Outcome::Undecided(questions) => {
                    print_json(&Undecided { dialect: dialect.to_string(), undecided: &questions })?;
                    warn("nothing was written: decide with the flags above, and run the command again");
                    return Ok(Err(ExitCode::from(PENDING)));
                }
            }
        }
    }

    /// The folder of this kind's history. The claim of a token is the project's own; its history has the plain name.
    fn folder(&self, dialect: &Dialect) -> PathBuf {
        let name = dialect.to_string();
        let kind = name.split(':').next().unwrap_or_default();
        self.project.join(if *dialect == Dialect::Postgres {
            "migrations".to_owned()
        } else {
            format!("migrations-{kind}")
        })
    }

    /// Applies what is pending to the development database, if there is one.
    async fn deploy(&self, environment: &Environment) -> Result<Option<Report>> {
        let Some(mut session) = connect::migrator_if_known(environment).await? else { return Ok(None) };
        let migrations = history(&self.folder(&self.dialect.dialect))?;
        let report = deploy_with_progress(&mut session, &migrations, Duration::from_secs(300)).await;
        session.close().await;
        report.map(Some)
    }

    fn print(&self, done: &Done) {
        for written in &done.histories {
            written.hints.iter().for_each(|hint| print(format_args!("note: {hint}")));
            written.unmanaged.iter().for_each(|key| print(format_args!("left alone: {key}, which no model manages")));
            if written.id.is_none() {
                print(format_args!("nothing to do: the history for {} makes what the models say", written.dialect));
            }
            written.files.iter().for_each(|file| print(format_args!("wrote {}", file.display())));
            written.losses.iter().for_each(|loss| print(format_args!("WARNING: {loss}")));
        }
        match &done.deployed {
            Some(report) => print_report(report),
            None if self.create_only => {}
            None => print("no database is configured: nothing was applied"),
        }
    }
}

impl Written {
    fn nothing(dialect: &Dialect, hints: Vec<String>, unmanaged: &[Key]) -> Self {
        let unmanaged = unmanaged.iter().map(ToString::to_string).collect();
        Self { dialect: dialect.to_string(), id: None, files: Vec::new(), losses: Vec::new(), hints, unmanaged }
    }

    fn of(dialect: &Dialect, proposal: &Proposal, folder: &Path) -> Result<Self> {
        Ok(Self {
            dialect: dialect.to_string(),
            id: Some(proposal.migration.id().to_owned()),
            files: proposal.write(folder)?,
            losses: proposal.draft.losses().iter().map(|loss| loss.what.clone()).collect(),
            hints: proposal.hints.clone(),
            unmanaged: proposal.unmanaged.iter().map(ToString::to_string).collect(),
        })
    }
}

/// The migrations in this folder; none where it is not there yet.
fn history(folder: &Path) -> Result<Vec<Migration>> {
    if folder.exists() { Migration::read_dir(folder) } else { Ok(Vec::new()) }
}

/// Reads `old=new`.
fn pair(text: &str) -> Result<(String, String)> {
    match text.split_once('=') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left.to_owned(), right.to_owned())),
        _ => Err(Error::new(Kind::Config, "it has to be two parts with `=` between them")),
    }
}
