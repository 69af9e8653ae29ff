//! `db pull`.

mod target;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::{DialectArg, Reporting, Style, print, print_json, table, warn};
use crate::catalog::Catalog;
use crate::environment::{DATABASE_URL, Environment, WAYGATE_MIGRATOR_URL};
use crate::error::{Error, Kind, Result};
use crate::pull::{About, Layout, Pulled, Request, pull};
use crate::session::Direct;
use crate::url::DatabaseUrl;

use target::Target;

/// Write Rust models of a database that is there, and list what no model says
///
/// The database may be anybody's: reading it takes a login and nothing of this library. What is written compiles beside
/// waygate-db, chrono and uuid.
#[derive(Debug, Args)]
pub struct Pull {
    /// The folder for the models, a file for each table and mod.rs
    #[arg(long, value_name = "DIR", required_unless_present = "single_file", conflicts_with = "single_file")]
    out: Option<PathBuf>,
    /// One file for all models instead
    #[arg(long, value_name = "FILE")]
    single_file: Option<PathBuf>,
    /// The database; without it `DATABASE_URL`, else `WAYGATE_MIGRATOR_URL`
    #[arg(long)]
    url: Option<DatabaseUrl>,
    /// The schema whose tables are read
    #[arg(long, default_value = "public")]
    schema: String,
    /// Read this table alone; may be repeated
    #[arg(long, value_name = "TABLE")]
    table: Vec<String>,
    /// The table whose rows are the tenants, where names and references do not tell
    #[arg(long, value_name = "TABLE")]
    tenant: Option<String>,
    /// Write into a folder, or over a file, that holds something
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// What a pull did.
#[derive(Debug, Serialize)]
struct Report {
    /// The files that were written.
    files: Vec<PathBuf>,
    #[serde(flatten)]
    pulled: Pulled,
}

impl Pull {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let target = Target::new(self.out, self.single_file, self.force)?;
        let url = match self.url {
            Some(url) => url,
            None => url_of(&Environment::load()?)?,
        };
        let request = Request {
            schema: self.schema,
            tables: self.table,
            tenant: self.tenant,
            dialect: self.dialect.dialect,
            layout: target.layout(),
        };
        let login = Direct::connect(&url).await?;
        let catalog = Catalog::read_as(&login).await?;
        let pulled = pull(&catalog, &request)?;
        if pulled.models.is_empty() {
            return Err(nothing(&pulled, &request));
        }
        let files = target.write(&pulled.files)?;
        if let Err(why) = target::rustfmt(&files) {
            warn(format_args!("rustfmt did not run over the files: {why}"));
        }
        let report = Report { files, pulled };
        if self.reporting.json {
            print_json(&report)?;
        } else {
            print_report(&report);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn url_of(environment: &Environment) -> Result<DatabaseUrl> {
    let url = match environment.url(DATABASE_URL)? {
        Some(url) => Some(url),
        None => environment.url(WAYGATE_MIGRATOR_URL)?,
    };
    url.ok_or_else(|| {
        Error::new(Kind::Config, "no database is named")
            .help("give --url, or set DATABASE_URL; any login that may connect is enough")
    })
}

/// No table can be a model: why, table by table.
fn nothing(pulled: &Pulled, request: &Request) -> Error {
    let reasons = pulled.notes.iter().filter(|note| note.about == About::NoModel).map(|note| format!("\n  {note}"));
    let message = format!("no table of schema {} can be a model{}", request.schema, reasons.collect::<String>());
    Error::new(Kind::Config, message).help("name another schema with --schema, or another database with --url")
}

fn print_report(report: &Report) {
    let style = Style::of(&std::io::stdout());
    let mut out = table(&["table", "model", "scope"]);
    for model in &report.pulled.models {
        out.add_row([&model.table, &model.model, &model.scope]);
    }
    print(out);
    for file in &report.files {
        print(format_args!("wrote {}", file.display()));
    }
    for about in About::ALL {
        let mut notes = report.pulled.notes.iter().filter(|note| note.about == about).peekable();
        if notes.peek().is_some() {
            print(format_args!("\n{}:", style.bold(about.heading())));
            notes.for_each(|note| print(format_args!("  {}", note.shown())));
        }
    }
}

/// The layout of what goes to this target.
impl Target {
    fn layout(&self) -> Layout {
        if self.is_folder() { Layout::Folder } else { Layout::SingleFile }
    }
}
