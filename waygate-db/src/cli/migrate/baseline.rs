//! `migrate baseline`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::super::{App, BROKEN, Progress, Reporting, connect, print, print_json, warn};
use super::Files;
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::migrate::{Comparison, Migration, Shadows, baseline, database_to_history};

/// Note migrations as applied on a database that holds what they make; exits with 4, and notes nothing, when it does not
#[derive(Debug, Args)]
pub struct Baseline {
    /// The last migration whose work is there
    #[arg(long, value_name = "ID")]
    through: String,
    /// Note them although the database differs from what they make
    #[arg(long)]
    accept_differences: bool,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    reporting: Reporting,
}

/// What the command did, for programs.
#[derive(Debug, Serialize)]
struct Done {
    /// The migrations that are noted as applied now.
    noted: Vec<String>,
    comparison: Comparison,
}

impl Baseline {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let migrations = self.files.load(app)?;
        let taken: Vec<Migration> =
            migrations.iter().filter(|file| file.id() <= self.through.as_str()).cloned().collect();
        if taken.last().is_none_or(|last| last.id() != self.through) {
            return Err(Error::new(Kind::MigrationFile, format!("no migration is called {}", self.through))
                .help("write the folder's whole name, as `migrate status` prints it"));
        }
        let environment = Environment::load()?;
        let mut session = connect::migrator(&environment).await?;
        let progress = Progress::spinner("replaying the migrations beside the database");
        let dialect = &self.files.dialect.dialect;
        let shadows = Shadows::open(&environment, dialect).await?;
        let comparison = database_to_history(&shadows, dialect, &session, &taken).await;
        progress.finish();
        let comparison = comparison?;
        let noted = if comparison.is_equal() || self.accept_differences {
            baseline(&mut session, &migrations, &self.through, Duration::from_secs(10), &mut |_| {}).await?
        } else {
            Vec::new()
        };
        session.close().await;
        let is_refused = !comparison.is_equal() && !self.accept_differences;
        let done = Done { noted, comparison };
        if self.reporting.json {
            print_json(&done)?;
        } else {
            done.print();
        }
        if is_refused {
            warn("nothing was noted: change the database or the files, or take it as it is with --accept-differences");
        }
        Ok(if is_refused { ExitCode::from(BROKEN) } else { ExitCode::SUCCESS })
    }
}

impl Done {
    fn print(&self) {
        if !self.comparison.is_equal() {
            print("the database is not what these migrations make; to be, it would have to change:");
            for one in &self.comparison.differences {
                print(format_args!("  {}", one.to_string().replace('\n', "\n  ")));
            }
        }
        self.noted.iter().for_each(|id| print(format_args!("{id} is noted as applied")));
        if self.comparison.is_equal() && self.noted.is_empty() {
            print("nothing to note: they are applied");
        }
    }
}
