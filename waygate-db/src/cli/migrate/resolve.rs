//! `migrate resolve`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::super::{App, Reporting, connect, print, print_json};
use super::Files;
use crate::environment::Environment;
use crate::error::Result;
use crate::migrate::{Resolution, resolve, status};

/// Write a decision of yours into the ledger, where the database cannot tell; nothing of a migration is run
#[derive(Debug, Args)]
pub struct Resolve {
    #[command(flatten)]
    decision: Decision,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    reporting: Reporting,
}

/// What was decided.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Decision {
    /// Its work was done by hand: note it as applied
    #[arg(long, value_name = "ID")]
    applied: Option<String>,
    /// Its work was taken back by hand: forget it, and the next deploy applies it
    #[arg(long, value_name = "ID")]
    rolled_back: Option<String>,
    /// Its file was changed and what it does was not: take the file as it is now
    #[arg(long, value_name = "ID")]
    rehash: Option<String>,
    /// A step that broke off is done, or is to run again
    #[arg(long, value_name = "ID:N=done|again", value_parser = step)]
    step: Option<Resolution>,
    /// What has changed in the schema since the last deploy is as it should be
    #[arg(long)]
    drift: bool,
}

impl Resolve {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let migrations = self.files.load(app)?;
        let mut session = connect::migrator(&Environment::load()?).await?;
        let resolution = self.decision.resolution();
        resolve(&mut session, &migrations, &resolution, Duration::from_secs(10), &mut |_| {}).await?;
        let status = status(&session, &migrations).await?;
        session.close().await;
        if self.reporting.json {
            print_json(&status)?;
        } else {
            print(match (&status.problem, status.pending()) {
                (Some(problem), _) => format!("noted; a deploy would still be refused: {problem}"),
                (None, 0) => "noted; the database is current".to_owned(),
                (None, pending) => format!("noted; {pending} pending: run `migrate deploy`"),
            });
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Decision {
    fn resolution(self) -> Resolution {
        let Self { applied, rolled_back, rehash, step, drift: _ } = self;
        let one = applied.map(Resolution::Applied).or(rolled_back.map(Resolution::RolledBack));
        one.or(rehash.map(Resolution::Rehash)).or(step).unwrap_or(Resolution::Drift)
    }
}

/// Reads `20250101000000_one:2=done`.
fn step(text: &str) -> Result<Resolution, &'static str> {
    const FORM: &str =
        "write the migration, the step's place and what is to become of it, as 20250101000000_one:2=done";
    let (place, outcome) = text.split_once('=').ok_or(FORM)?;
    let (id, number) = place.split_once(':').ok_or(FORM)?;
    let number = number.parse().map_err(|_| FORM)?;
    match outcome {
        "done" => Ok(Resolution::StepDone(id.to_owned(), number)),
        "again" => Ok(Resolution::StepAgain(id.to_owned(), number)),
        _ => Err(FORM),
    }
}
