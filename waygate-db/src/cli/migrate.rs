//! `migrate deploy` and `migrate status`; `adopt`, `dev`, `diff` and `lint` stand in files of their own.

mod adopt;
mod dev;
mod diff;
mod lint;

use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;

pub(super) use diff::history;

use super::{App, DialectArg, PENDING, Progress, Reporting, connect, print, print_json, table};
use crate::environment::Environment;
use crate::error::Result;
use crate::migrate::{DeployOptions, Migration, MigrationState, Progress as Step, Report, Status, deploy, status};
use crate::session::Maintenance;

/// Apply migrations, or see where they stand.
#[derive(Debug, Subcommand)]
pub enum Migrate {
    Adopt(adopt::Adopt),
    /// Apply what is pending, each migration in one transaction, under a lock
    Deploy {
        /// How many seconds to wait for another deploy to end
        #[arg(long, default_value_t = 300)]
        lock_wait: u64,
        #[command(flatten)]
        dialect: DialectArg,
        #[command(flatten)]
        reporting: Reporting,
    },
    Dev(Box<dev::Dev>),
    /// Print what two of models, history, database and others disagree in
    Diff(diff::Diff),
    Lint(lint::Lint),
    /// List the migrations; exits with 3 when some are pending and 1 when a deploy would be refused
    Status {
        #[command(flatten)]
        dialect: DialectArg,
        #[command(flatten)]
        reporting: Reporting,
    },
}

impl Migrate {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        match self {
            Self::Adopt(command) => Box::pin(command.run(app)).await,
            Self::Deploy { lock_wait, dialect, reporting } => {
                let migrations = app.history(&dialect.dialect)?;
                migrations.check_fresh()?;
                let mut session = connect::migrator(&Environment::load()?).await?;
                let report = deploy_with_progress(&mut session, migrations, Duration::from_secs(lock_wait)).await?;
                session.close().await;
                if reporting.json {
                    print_json(&report)?;
                } else {
                    print_report(&report);
                }
                Ok(ExitCode::SUCCESS)
            }
            Self::Dev(command) => command.run(app).await,
            Self::Diff(command) => Box::pin(command.run(app)).await,
            Self::Lint(command) => Box::pin(command.run(app)).await,
            Self::Status { dialect, reporting } => {
                let migrations = app.history(&dialect.dialect)?;
                migrations.check_fresh()?;
                let session = connect::migrator(&Environment::load()?).await?;
                let status = status(&session, migrations).await?;
                session.close().await;
                if reporting.json {
                    print_json(&status)?;
                } else {
                    print_status(&status);
                }
                Ok(exit_code(&status))
            }
        }
    }
}

/// Deploys, saying which migration is under way.
pub(super) async fn deploy_with_progress(
    session: &mut Maintenance,
    migrations: &[Migration],
    lock_wait: Duration,
) -> Result<Report> {
    let progress = Progress::spinner("looking at the migrations");
    let options = DeployOptions { lock_wait, ..DeployOptions::default() };
    let result = deploy(session, migrations, options, &mut |step| progress.say(&describe(step))).await;
    progress.finish();
    result
}

/// A deploy's step in words.
fn describe(step: Step<'_>) -> String {
    match step {
        Step::Waiting { holder: Some(holder), waited } => {
            format!("waiting {}s for the deploy of process {}", waited.as_secs(), holder.pid)
        }
        Step::Waiting { holder: None, .. } => "waiting for another deploy".to_owned(),
        Step::Planned { pending, .. } => format!("{} to apply", migrations(pending)),
        Step::Warning(warning) => format!("warning: {warning}"),
        Step::Started { id } => format!("applying {id}"),
        Step::Step { id, step, steps, kind } => format!("applying {id}, step {step} of {steps} ({kind})"),
        Step::Blocked { id, blockers } => {
            let names: Vec<String> =
                blockers.iter().map(|one| format!("{} ({})", one.pid, one.application_name)).collect();
            format!("{id} waits for what others hold: {}", names.join(", "))
        }
        Step::Building { id, phase, percent: Some(percent) } => format!("{id}: {phase}, {percent} %"),
        Step::Building { id, phase, percent: None } => format!("{id}: {phase}"),
        Step::Backfilling { id, seen, changed, total } => {
            format!("{id}: {seen} of about {total} rows seen, {changed} changed")
        }
        Step::Retrying { id, retry, wait } => format!("{id}: a table was busy; try {retry} in {}s", wait.as_secs()),
        Step::Applied { id, .. } => format!("applied {id}"),
    }
}

/// So many migrations, in words.
fn migrations(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}

/// Says what a deploy did.
pub(super) fn print_report(report: &Report) {
    for warning in &report.warnings {
        print(format_args!("warning: {warning}"));
    }
    if report.applied.is_empty() {
        let verb = if report.already_applied == 1 { "was" } else { "were" };
        print(format_args!("nothing to apply: {} {verb} applied before", migrations(report.already_applied)));
        return;
    }
    let mut out = table(&["migration", "ms"]);
    for one in &report.applied {
        out.add_row([one.id.clone(), one.duration_ms.to_string()]);
    }
    print(out);
}

fn print_status(status: &Status) {
    let mut out = table(&["migration", "state", "applied", "by", "ms"]);
    for one in &status.migrations {
        let state = match one.state {
            MigrationState::Applied => "applied",
            MigrationState::Pending => "pending",
            MigrationState::Edited => "edited",
            MigrationState::Missing => "missing",
            MigrationState::Newer => "newer",
            MigrationState::OutOfOrder => "out of order",
            MigrationState::Partial => "in part",
        };
        out.add_row([
            one.id.clone(),
            state.to_owned(),
            one.applied_at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default(),
            one.applied_by.clone().unwrap_or_default(),
            one.duration_ms.map(|ms| ms.to_string()).unwrap_or_default(),
        ]);
    }
    print(out);
    for warning in &status.warnings {
        print(format_args!("warning: {warning}"));
    }
    if let Some(holder) = &status.deploying {
        print(format_args!("a deploy is under way: process {} ({})", holder.pid, holder.application_name));
    }
    match (&status.problem, status.pending()) {
        (Some(problem), _) => print(format_args!("problem: {problem}")),
        (None, 0) => print("the database is current"),
        (None, pending) => print(format_args!("{pending} pending: run `migrate deploy`")),
    }
}

fn exit_code(status: &Status) -> ExitCode {
    if status.problem.is_some() {
        ExitCode::FAILURE
    } else if status.is_current() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PENDING)
    }
}
