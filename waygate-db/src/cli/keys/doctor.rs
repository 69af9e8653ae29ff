//! `keys verify` and `keys doctor`: what does not open, and why.

use std::process::ExitCode;

use clap::Args;

use super::words::share;
use super::{App, Reporting, print, print_json, table};
use crate::cli::{BROKEN, Progress};
use crate::error::Result;
use crate::keys::{self, Severity};
use crate::session::ServiceScope;

/// Which cells are opened.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Only those of this table
    #[arg(long)]
    table: Option<String>,
    /// Only such a share of the rows, drawn at random: 5%, or 0.05
    #[arg(long, value_name = "SHARE", value_parser = share)]
    sample: Option<f64>,
    #[command(flatten)]
    reporting: Reporting,
}

/// How thoroughly is looked.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Open such a share of the rows alone, drawn at random: 5%, or 0.05
    #[arg(long, value_name = "SHARE", value_parser = share)]
    sample: Option<f64>,
    #[command(flatten)]
    reporting: Reporting,
}

impl Verify {
    pub(super) async fn run(self, service: &ServiceScope, app: &App) -> Result<ExitCode> {
        let progress = Progress::spinner("opening cells");
        let what = keys::Verify { table: self.table, share: self.sample };
        let verified = keys::verify(service, app.schema, &what).await;
        progress.finish();
        let verified = verified?;
        if self.reporting.json {
            print_json(&verified)?;
        } else {
            let mut out = table(&["column", "row", "key", "why it does not open"]);
            for cell in &verified.cells {
                let key = cell.key.clone().unwrap_or_default();
                out.add_row([cell.column.clone(), cell.row.to_string(), key, cell.reason.clone()]);
            }
            if verified.failed > 0 {
                print(out);
            }
            let keys::Verified { opened, destroyed, failed, .. } = &verified;
            print(format_args!("{opened} cells opened, {failed} did not; {destroyed} are of destroyed keys"));
        }
        Ok(code(verified.failed == 0))
    }
}

impl Doctor {
    pub(super) async fn run(self, service: &ServiceScope, app: &App) -> Result<ExitCode> {
        let progress = Progress::spinner("looking at keys and cells");
        let diagnosis = keys::doctor(service, app.schema, self.sample).await;
        progress.finish();
        let diagnosis = diagnosis?;
        if self.reporting.json {
            print_json(&diagnosis)?;
            return Ok(code(diagnosis.healthy));
        }
        if !diagnosis.findings.is_empty() {
            let mut out = table(&["severity", "object", "what, and what to do"]);
            for finding in &diagnosis.findings {
                let severity = if finding.severity == Severity::Failure { "failure" } else { "advice" };
                let what = format!("{}\n→ {}", finding.what, finding.help);
                out.add_row([severity.to_owned(), finding.object.clone(), what]);
            }
            print(out);
        }
        let keys::Diagnosis { healthy, keys, opened, destroyed, findings } = &diagnosis;
        let verdict = if *healthy { "healthy" } else { "broken" };
        let findings = findings.len();
        print(format_args!(
            "{keys} keys; {opened} cells opened, {destroyed} are of destroyed keys; {findings} findings: {verdict}"
        ));
        Ok(code(*healthy))
    }
}

fn code(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) }
}
