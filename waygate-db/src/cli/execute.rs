//! `db execute`: SQL of one's own, as the owner, as a tenant or as the service.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use uuid::Uuid;

use super::{Reporting, connect, print, print_json, table};
use crate::environment::Environment;
use crate::error::{Error, Kind, Result};
use crate::local::run_sql;
use crate::sql::identifier::literal;

/// Run SQL in one transaction, as the schema's owner or confined to a tenant; prints the last statement's rows
#[derive(Debug, Args)]
pub struct Execute {
    /// The statements
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    sql: Option<String>,
    /// A file of statements instead; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Run as the tenants' login, confined to this tenant
    #[arg(long, value_name = "ID", conflicts_with = "service")]
    tenant: Option<Uuid>,
    /// Run as the service's login, for this reason, which is logged
    #[arg(long, value_name = "REASON")]
    service: Option<String>,
    #[command(flatten)]
    reporting: Reporting,
}

impl Execute {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let sql = self.text()?;
        let rows = match (&self.tenant, &self.service) {
            (Some(tenant), _) => {
                let [app, _] = connect::logins(&environment)?;
                run_sql(&app, &format!("BEGIN; SET LOCAL waygate.tenant_id = '{tenant}';\n{sql}\n;COMMIT")).await?
            }
            (None, Some(reason)) => {
                let [_, service] = connect::logins(&environment)?;
                let log = format!("INSERT INTO waygate.service_log (reason) VALUES ({})", literal(reason));
                run_sql(&service, &log).await?;
                run_sql(&service, &format!("BEGIN;\n{sql}\n;COMMIT")).await?
            }
            (None, None) => {
                let session = connect::migrator(&environment).await?;
                // Several statements in one message are one transaction.
                let rows = session.ask(&sql).await?;
                session.close().await;
                rows
            }
        };
        if self.reporting.json {
            print_json(&rows)?;
        } else {
            print_rows(&rows);
        }
        Ok(ExitCode::SUCCESS)
    }

    fn text(&self) -> Result<String> {
        let Some(file) = &self.file else { return Ok(self.sql.clone().unwrap_or_default()) };
        let read = if file.as_os_str() == "-" {
            std::io::read_to_string(std::io::stdin())
        } else {
            std::fs::read_to_string(file)
        };
        read.map_err(|error| Error::new(Kind::Io, format!("cannot read {}", file.display())).caused_by(error))
    }
}

fn print_rows(rows: &[Vec<Option<String>>]) {
    if rows.is_empty() {
        return print("done; no rows");
    }
    let mut out = table(&[]);
    for row in rows {
        out.add_row(row.iter().map(|cell| cell.as_deref().unwrap_or("NULL")));
    }
    print(out);
}
