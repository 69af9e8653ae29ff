//! `migrate new`: an empty migration, for what the models do not say.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::Utc;
use clap::Args;

use super::super::{App, DialectArg, print};
use super::history;
use crate::error::Result;
use crate::migrate::{new_id, write};
use crate::schema::Dialect;

/// What stands in a new file.
const TEMPLATE: &str = "\
-- What it does, and why.
--
-- The whole file is one transaction, unless lines divide it into steps:
--   -- waygate:step autocommit                                      one statement outside of a transaction
--   -- waygate:step backfill table=public.t key=id batch=1000       one UPDATE with {batch} in its WHERE
--   -- waygate:step tx                                              a transaction again
--   -- waygate:assert what has to hold                              a SELECT behind it that gives true
";

/// Write an empty migration, for what the models do not say
#[derive(Debug, Args)]
pub struct New {
    /// What the migration does, as in `add_region`; the folder is named after it
    #[arg(long)]
    name: String,
    /// The folder that holds the folders of migrations
    #[arg(long, value_name = "PATH", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    dialect: DialectArg,
}

impl New {
    pub(super) fn run(&self, app: &App) -> Result<ExitCode> {
        let dialect = &self.dialect.dialect;
        let id = new_id(&self.name, &history(app, dialect)?, Utc::now())?;
        for file in write(&self.project.join(folder_name(dialect)), &id, TEMPLATE, None)? {
            print(format_args!("wrote {}", file.display()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The folder of a kind's history. The claim of a token is the project's own; its history has the plain name.
pub(super) fn folder_name(dialect: &Dialect) -> String {
    let name = dialect.to_string();
    match name.split(':').next() {
        Some(kind) if *dialect != Dialect::Postgres => format!("migrations-{kind}"),
        _ => "migrations".to_owned(),
    }
}
