//! `migrate deploy`.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::super::{App, Progress, Reporting, STOPPED, connect, print, print_json, stopped, table, warn};
use super::Files;
use crate::environment::Environment;
use crate::error::Result;
use crate::migrate::{
    DeployOptions, Migration, Preview, PreviewedStep, Progress as Step, Report, deploy, duration, preview,
};
use crate::session::Maintenance;

/// Apply what is pending, step by step, under a lock; Ctrl-C stops it, and the next deploy goes on there
#[derive(Debug, Args)]
pub struct Deploy {
    /// Print what would run, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How many seconds to wait for another deploy to end
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    lock_wait: u64,
    /// How long a statement may wait for a table that others use before its step is tried again, as 500ms or 2s
    #[arg(long, default_value = "2s", value_name = "TIME", value_parser = time)]
    lock_timeout: Duration,
    /// How often a step is tried again when it found its table busy
    #[arg(long, default_value_t = 10, value_name = "TIMES")]
    retries: u32,
    /// Apply a migration although a newer one is applied, as after the merge of an old branch
    #[arg(long)]
    allow_out_of_order: bool,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    reporting: Reporting,
}

fn time(text: &str) -> Result<Duration, &'static str> {
    duration(text).ok_or("write a time as 500ms or 2s")
}

impl Deploy {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let migrations = self.files.load(app)?;
        let mut session = connect::migrator(&Environment::load()?).await?;
        if self.dry_run {
            let preview = preview(&session, &migrations, self.options()).await?;
            session.close().await;
            if self.reporting.json {
                print_json(&preview)?;
            } else {
                print_preview(&preview);
            }
            return Ok(ExitCode::SUCCESS);
        }
        let cancel = session.cancel();
        let report = tokio::select! {
            report = deploy_watched(&mut session, &migrations, self.options()) => Some(report?),
            result = stopped() => {
                result?;
                None
            }
        };
        let Some(report) = report else {
            cancel.await;
            // The server rolls back with the connection's end, and lets the lock go.
            session.close().await;
            warn("stopped: the step under way was rolled back, those before it stay; the next deploy goes on there");
            return Ok(ExitCode::from(STOPPED));
        };
        session.close().await;
        if self.reporting.json {
            print_json(&report)?;
        } else {
            print_report(&report);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn options(&self) -> DeployOptions {
        DeployOptions {
            lock_wait: Duration::from_secs(self.lock_wait),
            lock_timeout: self.lock_timeout,
            retries: self.retries,
            allow_out_of_order: self.allow_out_of_order,
            ..DeployOptions::default()
        }
    }
}

/// Deploys, saying which migration is under way.
pub(in crate::cli) async fn deploy_with_progress(
    session: &mut Maintenance,
    migrations: &[Migration],
    lock_wait: Duration,
) -> Result<Report> {
    deploy_watched(session, migrations, DeployOptions { lock_wait, ..DeployOptions::default() }).await
}

async fn deploy_watched(session: &mut Maintenance, migrations: &[Migration], options: DeployOptions) -> Result<Report> {
    let progress = Progress::spinner("looking at the migrations");
    let mut told = BTreeSet::new();
    let mut watch = |step: Step<'_>| {
        let words = describe(step);
        // Who is in the way belongs into a log too, once.
        if let Step::Blocked { blockers, .. } = step
            && blockers.iter().any(|one| told.insert(one.pid))
        {
            progress.suspend(|| warn(&words));
        }
        progress.say(&words);
    };
    let result = deploy(session, migrations, options, &mut watch).await;
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
            let names: Vec<String> = blockers.iter().map(ToString::to_string).collect();
            format!("{id} waits for what others hold: {}", names.join("; "))
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
pub(super) fn migrations(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}

/// Says what a deploy did.
pub(in crate::cli) fn print_report(report: &Report) {
    for warning in &report.warnings {
        print(format_args!("warning: {warning}"));
    }
    for id in &report.squashed {
        print(format_args!("{id} is noted as applied: all that it stands for was"));
    }
    if report.applied.is_empty() {
        let verb = if report.already_applied == 1 { "was" } else { "were" };
        print(format_args!("nothing to apply: {} {verb} applied before", migrations(report.already_applied)));
        return;
    }
    let mut out = table(&["migration", "steps", "ms"]);
    for one in &report.applied {
        let steps = match one.resumed_after {
            0 => one.steps.to_string(),
            done => format!("{} of {}", one.steps - done, one.steps),
        };
        out.add_row([one.id.clone(), steps, one.duration_ms.to_string()]);
    }
    print(out);
}

fn print_preview(preview: &Preview) {
    for warning in &preview.warnings {
        print(format_args!("warning: {warning}"));
    }
    for id in &preview.squashed {
        print(format_args!("{id} would be noted as applied: all that it stands for is"));
    }
    for migration in &preview.pending {
        print(&migration.id);
        migration.steps.iter().for_each(print_step);
    }
    if preview.pending.is_empty() {
        print("nothing to apply");
    } else {
        print("nothing was written: this was a dry run");
    }
}

fn print_step(step: &PreviewedStep) {
    let state = if step.state == "pending" { String::new() } else { format!(", {}", step.state) };
    print(format_args!("  step {} ({}{state})", step.step, step.kind));
    for assert in &step.asserts {
        print(format_args!("    asserts that {assert}"));
    }
    for statement in &step.statements {
        print(format_args!("    {statement}"));
    }
}
