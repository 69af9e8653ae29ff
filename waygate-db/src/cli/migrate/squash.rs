//! `migrate squash`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::{App, DialectArg, Progress, Reporting, print, print_json, warn};
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::migrate::{Migration, Rendered, Shadows, render, squash};

/// Replace the first migrations of a folder by one that makes the same schema
#[derive(Debug, Args)]
pub struct Squash {
    /// The last migration to replace
    #[arg(long, value_name = "ID")]
    through: String,
    /// What the new migration is called; its time is that of the last one it replaces
    #[arg(long)]
    name: String,
    /// The folder of the migrations; else the one that the program was compiled with
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

impl Squash {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let folder = match &self.dir {
            Some(folder) => folder.clone(),
            None => app.history(&self.dialect.dialect)?.folder().map(PathBuf::from).ok_or_else(|| {
                Error::new(Kind::Config, "this program does not know the folder of its migrations")
                    .help("name it with --dir")
            })?,
        };
        let files = Migration::read_dir(&folder)?;
        let replaced: Vec<Migration> = files.into_iter().filter(|file| file.id() <= self.through.as_str()).collect();
        let progress = Progress::spinner("replaying the migrations, and what is to replace them beside them");
        let shadows = Shadows::open(&Environment::load()?, &self.dialect.dialect).await?;
        let rendered = Box::pin(render(&shadows, &replaced)).await;
        progress.finish();
        let Rendered { sql, filled } = rendered?;
        let squashed = squash(&folder, &self.through, &self.name, &sql)?;
        for table in &filled {
            warn(format_args!(
                "the replaced migrations fill {table}, and the new one does not: write the rows into it"
            ));
        }
        if self.reporting.json {
            print_json(&squashed)?;
        } else {
            print(format_args!("{} stands for {} migrations", squashed.id, squashed.replaces.len()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
