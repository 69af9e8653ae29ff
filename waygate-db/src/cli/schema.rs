//! `schema sql`, `schema check`, `schema roles`, `schema list`, `schema diagram` and `schema docs`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::{App, DialectArg, Reporting, print, print_json, table, warn};
use crate::document::{DiagramFormat, schema_diagram, schema_docs};
use crate::error::{Error, Kind, Result};
use crate::local::roles::roles_sql;
use crate::schema::Dialect;
use crate::sql::{Misfit, schema_check, schema_list, schema_sql};

/// Print what the models say the database should be.
#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// The complete DDL: types, tables, keys, indexes, triggers, grants, row security
    Sql {
        #[command(flatten)]
        dialect: DialectArg,
    },
    /// The models that this kind of server cannot hold, and why; exits with 1 when there are any
    Check {
        #[command(flatten)]
        dialect: DialectArg,
        #[command(flatten)]
        reporting: Reporting,
    },
    /// The script that creates the roles, which belong to the server and so are in no migration
    Roles {
        #[command(flatten)]
        dialect: DialectArg,
    },
    /// The tables and whose data they hold
    List {
        #[command(flatten)]
        reporting: Reporting,
    },
    /// The tables and their references, drawn
    Diagram {
        /// Text for Mermaid, or a picture; the default follows from the file's name, and is `mermaid`
        #[arg(long)]
        format: Option<DiagramFormat>,
        /// The file to write it to, instead of standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// What the tables hold, whose it is and who may do what with it, as a data dictionary in Markdown
    Docs {
        #[command(flatten)]
        dialect: DialectArg,
        /// The file to write it to, instead of standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

impl SchemaCommand {
    pub(super) fn run(self, app: &App) -> Result<ExitCode> {
        match self {
            Self::Sql { dialect: DialectArg { dialect } } => print_sql(app, &dialect),
            Self::Check { dialect: DialectArg { dialect }, reporting } => return check(app, &dialect, reporting),
            Self::Roles { dialect: DialectArg { dialect } } => print(roles_sql(&dialect).trim_end()),
            Self::List { reporting } if reporting.json => print_json(&schema_list(app.schema))?,
            Self::List { .. } => print_list(app),
            Self::Diagram { format, out } => {
                let format = format.unwrap_or_else(|| of_file(out.as_deref()));
                put(&schema_diagram(app.schema, format), out.as_deref())?;
            }
            Self::Docs { dialect: DialectArg { dialect }, out } => {
                put(&schema_docs(app.schema, &dialect), out.as_deref())?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The DDL; what is left out of it is also said where the DDL does not go.
fn print_sql(app: &App, dialect: &Dialect) {
    for misfit in schema_check(app.schema, dialect) {
        warn(format_args!("{} is left out: {}", misfit.table, misfit.reasons.join("; ")));
    }
    print(schema_sql(app.schema, dialect).trim_end());
}

fn check(app: &App, dialect: &Dialect, reporting: Reporting) -> Result<ExitCode> {
    let misfits = schema_check(app.schema, dialect);
    if reporting.json {
        print_json(&misfits)?;
    } else if misfits.is_empty() {
        print(format_args!("all models fit on {dialect}"));
    } else {
        print_misfits(&misfits);
    }
    Ok(if misfits.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_misfits(misfits: &[Misfit]) {
    let mut out = table(&["table", "model", "declared at", "why it does not fit"]);
    for misfit in misfits {
        out.add_row([misfit.table, misfit.model, &misfit.declared_at, &misfit.reasons.join("\n")]);
    }
    print(out);
}

fn print_list(app: &App) {
    let mut out = table(&["table", "model", "scope", "columns", "sealed", "indexes", "writes"]);
    for summary in schema_list(app.schema) {
        out.add_row([
            summary.table.to_owned(),
            summary.model.to_owned(),
            summary.scope.to_string(),
            summary.columns.len().to_string(),
            summary.encrypted.join(", "),
            summary.indexes.len().to_string(),
            if summary.append_only { "append only".to_owned() } else { String::new() },
        ]);
    }
    print(out);
}

/// The form of a diagram in a file of this name.
fn of_file(out: Option<&Path>) -> DiagramFormat {
    let extension = out.and_then(Path::extension).and_then(OsStr::to_str);
    if extension.is_some_and(|extension| extension.eq_ignore_ascii_case("svg")) {
        DiagramFormat::Svg
    } else {
        DiagramFormat::Mermaid
    }
}

/// Writes a text to its file, or prints it.
fn put(text: &str, out: Option<&Path>) -> Result<()> {
    let Some(out) = out else {
        print(text.trim_end());
        return Ok(());
    };
    fs::write(out, text).map_err(|error| {
        Error::new(Kind::Io, format!("cannot write {}", out.display()))
            .help("name a file in a folder that is there and yours to write")
            .caused_by(error)
    })
}
