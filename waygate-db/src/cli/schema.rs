//! `schema sql`, `schema roles` and `schema list`.

use std::process::ExitCode;

use clap::Subcommand;

use super::{App, DialectArg, Reporting, print, print_json, table};
use crate::error::Result;
use crate::local::roles::roles_sql;
use crate::sql::{schema_list, schema_sql};

/// Print what the models say the database should be.
#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// The complete DDL: types, tables, keys, indexes, triggers, grants, row security
    Sql {
        #[command(flatten)]
        dialect: DialectArg,
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
}

impl SchemaCommand {
    pub(super) fn run(self, app: &App) -> Result<ExitCode> {
        match self {
            Self::Sql { dialect: DialectArg { dialect } } => print(schema_sql(app.schema, &dialect).trim_end()),
            Self::Roles { dialect: DialectArg { dialect } } => print(roles_sql(&dialect).trim_end()),
            Self::List { reporting } if reporting.json => print_json(&schema_list(app.schema))?,
            Self::List { .. } => print_list(app),
        }
        Ok(ExitCode::SUCCESS)
    }
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
