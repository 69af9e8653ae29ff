//! `validate` and `verify`: whether models, migrations and database agree.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::migrate::history;
use super::{App, BROKEN, DialectArg, Progress, Reporting, connect, print, print_json, warn};
use crate::environment::Environment;
use crate::error::Result;
use crate::migrate::{
    Comparison, Drift, MigrationState, Shadows, Status, database_to_history, database_to_models, drift,
    history_to_models, status,
};
use crate::session::Maintenance;

/// Check that models, migrations and database agree; exits with 4 unless they do.
///
/// Without a database it compares models and migrations alone, and says so.
#[derive(Debug, Args)]
pub struct Validate {
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// Print what has changed in the database since the last deploy, without a second database; exits with 4 on drift.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    reporting: Reporting,
}

/// What a validation found.
#[derive(Debug, Serialize)]
struct Found {
    comparisons: Vec<Comparison>,
    /// Whether there was a database to look at.
    with_database: bool,
    /// Migrations that the database lacks: it is compared with those that it has.
    pending: Vec<String>,
    /// Why a deploy would be refused, if it would.
    problem: Option<String>,
    agree: bool,
}

impl Validate {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let database = connect::migrator_if_known(&environment).await?;
        let progress = Progress::spinner("replaying the migrations, and the models beside them");
        let shadows = Shadows::open(&environment, &self.dialect.dialect).await?;
        let found = Box::pin(self.compare(app, &shadows, database.as_ref())).await;
        progress.finish();
        let found = found?;
        if let Some(database) = database {
            database.close().await;
        }
        if self.reporting.json {
            print_json(&found)?;
        } else {
            print_found(&found);
        }
        Ok(if found.agree { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) })
    }

    async fn compare(&self, app: &App, shadows: &Shadows, database: Option<&Maintenance>) -> Result<Found> {
        let dialect = &self.dialect.dialect;
        let migrations = history(app, dialect)?;
        let mut comparisons = vec![Box::pin(history_to_models(shadows, app.schema, dialect, &migrations)).await?];
        let (mut pending, mut problem) = (Vec::new(), None);
        if let Some(database) = database {
            let status: Status = status(database, &migrations).await?;
            let waits = |state| matches!(state, MigrationState::Pending | MigrationState::Partial);
            pending = status.migrations.iter().filter(|one| waits(one.state)).map(|one| one.id.clone()).collect();
            problem = status.problem;
            let applied: Vec<_> =
                migrations.iter().filter(|one| !pending.iter().any(|id| id == one.id())).cloned().collect();
            comparisons.push(database_to_history(shadows, dialect, database, &applied).await?);
            comparisons.push(database_to_models(shadows, app.schema, dialect, database).await?);
        }
        let agree = comparisons.iter().all(Comparison::is_equal) && pending.is_empty() && problem.is_none();
        Ok(Found { comparisons, with_database: database.is_some(), pending, problem, agree })
    }
}

impl Verify {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let database = connect::migrator(&Environment::load()?).await?;
        let drift = drift(&database).await?;
        database.close().await;
        let is_clean = matches!(&drift, Drift::Known { differences, .. } if differences.is_empty());
        if self.reporting.json {
            print_json(&drift)?;
        } else {
            print_drift(&drift);
        }
        Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) })
    }
}

fn print_found(found: &Found) {
    for comparison in &found.comparisons {
        for one in &comparison.unmanaged {
            warn(format_args!("{one} is no model's, and was left out"));
        }
        let (from, to) = (&comparison.from, &comparison.to);
        if comparison.is_equal() {
            print(format_args!("{from} = {to}"));
        } else {
            print(format_args!("{from} ≠ {to}; to be as the {to}, the {from} would have to change:"));
            comparison
                .differences
                .iter()
                .for_each(|one| print(format_args!("  {}", one.to_string().replace('\n', "\n  "))));
        }
    }
    if !found.pending.is_empty() {
        print(format_args!("not applied yet: {}; run `migrate deploy`", found.pending.join(", ")));
    }
    if let Some(problem) = &found.problem {
        print(format_args!("problem: {problem}"));
    }
    if !found.with_database {
        print("no database is configured: models and migrations alone were compared");
    }
}

fn print_drift(drift: &Drift) {
    match drift {
        Drift::Unknown => print("no deploy has kept what it left: run `migrate deploy` once with this version"),
        Drift::OtherServer { then, now } => print(format_args!(
            "the snapshot is of a server of version {}, and this one is of {}: run `validate`, which compares on one server",
            then / 10_000,
            now / 10_000
        )),
        Drift::Known { after, differences } if differences.is_empty() => {
            print(format_args!("no drift: the schema is as {after} left it"));
        }
        Drift::Known { after, differences } => {
            print(format_args!("the schema is not as {after} left it:"));
            differences.iter().for_each(print);
            print(
                "write the change as a migration, take it back in the database, or take it as it is with `migrate resolve --drift`",
            );
        }
    }
}
