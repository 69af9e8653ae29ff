//! `migrate status`.

use std::process::ExitCode;

use clap::Args;

use super::super::{App, PENDING, Reporting, connect, print, print_json, table};
use super::Files;
use crate::environment::Environment;
use crate::error::Result;
use crate::migrate::{MigrationState, Status, status};

/// List the migrations; exits with 3 when some are pending and 1 when a deploy would be refused
#[derive(Debug, Args)]
pub struct StatusCommand {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    reporting: Reporting,
}

impl StatusCommand {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let migrations = self.files.load(app)?;
        let session = connect::migrator(&Environment::load()?).await?;
        let status = status(&session, &migrations).await?;
        session.close().await;
        if self.reporting.json {
            print_json(&status)?;
        } else {
            print_status(&status);
        }
        Ok(exit_code(&status))
    }
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
            MigrationState::Replaced => "replaced",
            MigrationState::Squashed => "squashed",
            MigrationState::HalfSquashed => "half squashed",
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
    for (migration, step) in status.migrations.iter().flat_map(|one| one.steps.iter().map(move |step| (one, step))) {
        let error = step.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
        let tries = if step.attempts == 1 { String::new() } else { format!(", {} tries", step.attempts) };
        print(format_args!("{}, step {} ({}): {}{tries}{error}", migration.id, step.step, step.kind, step.state));
    }
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
