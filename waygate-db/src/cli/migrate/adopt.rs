//! `migrate adopt`: another tool's migrations become this project's.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::super::{App, DialectArg, Reporting, connect, print, print_json, table};
use crate::environment::Environment;
use crate::error::Result;
use crate::migrate::{Adopted, Adoption, Tool, adopt};

/// Take over the migrations of another tool, and what it has applied to the database.
///
/// Nothing runs and nothing of the other tool's is changed. Without a database only the files are written.
#[derive(Debug, Args)]
pub struct Adopt {
    /// The tool
    tool: Known,
    /// Its folder of migrations; where nothing is said, the one it uses by itself
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// The folder of migrations to write; where nothing is said, this project's
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Check everything and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// The tools, as a command names them.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Known {
    Prisma,
    Sqlx,
    Refinery,
    Diesel,
}

impl Adopt {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let tool = match self.tool {
            Known::Prisma => Tool::Prisma,
            Known::Sqlx => Tool::Sqlx,
            Known::Refinery => Tool::Refinery,
            Known::Diesel => Tool::Diesel,
        };
        let from = self.dir.clone().unwrap_or_else(|| tool.folder().into());
        let own = app.history(&self.dialect.dialect)?.folder().map(Path::to_owned);
        let to = self.out.clone().or(own).unwrap_or_else(|| "migrations".into());
        let adoption = Adoption { tool, from: &from, to: &to, dry_run: self.dry_run };
        let mut session = connect::migrator_if_known(&Environment::load()?).await?;
        let outcome = adopt(adoption, session.as_mut()).await;
        if let Some(session) = session {
            session.close().await;
        }
        let adopted = outcome?;
        if self.reporting.json {
            print_json(&adopted)?;
        } else {
            print_adopted(&adopted, &to);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_adopted(adopted: &Adopted, to: &Path) {
    let mut out = table(&[adopted.tool.as_str(), "migration", "state", "file"]);
    for one in &adopted.migrations {
        let state = if one.applied { "applied" } else { "pending" };
        let file = match (one.written, one.divided) {
            (false, _) => "is there",
            (true, false) => "written, as it was",
            (true, true) => "written, with its steps",
        };
        out.add_row([one.original.as_str(), one.id.as_str(), state, file]);
    }
    print(out);
    adopted.warnings.iter().for_each(|warning| print(format_args!("warning: {warning}")));
    if adopted.dry_run {
        print("nothing was written: this was a dry run");
        return;
    }
    print(format_args!("the migrations are in {}", to.display()));
    if let Some(table) = &adopted.table {
        print(format_args!("{table} stays as it is; drop it when nobody runs {} any more", adopted.tool.as_str()));
    }
}
