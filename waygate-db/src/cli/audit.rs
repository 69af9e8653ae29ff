//! `audit`: isolation proven on a live database.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::{App, BROKEN, DialectArg, Progress, Reporting, connect, print, print_json, table_of_words};
use crate::audit::{self, Finding, Logins, Matrix, Missed, Outcome, Report, SelfTest, Severity};
use crate::crypto::SealKey;
use crate::environment::{Environment, WAYGATE_APP_URL, WAYGATE_SERVICE_URL, WAYGATE_TENANT_SEAL_KEY};
use crate::error::Result;
use crate::session::Maintenance;

/// Prove tenant isolation on a live database; exits with 4 unless it is proven
#[derive(Debug, Args)]
pub struct Audit {
    /// Let advice fail the audit, too
    #[arg(long)]
    strict: bool,
    /// Audit the audit: plant holes in a copy of the tables, each of which has to be found
    #[arg(long, conflicts_with = "strict")]
    self_test: bool,
    #[command(flatten)]
    dialect: DialectArg,
    #[command(flatten)]
    reporting: Reporting,
}

/// The report as programs read it.
#[derive(Serialize)]
struct Printed<'a> {
    proven: bool,
    failures: usize,
    advice: usize,
    notes: usize,
    #[serde(flatten)]
    report: &'a Report,
}

impl Audit {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode> {
        let environment = Environment::load()?;
        let logins = logins(&environment)?;
        if self.self_test {
            return self.test_itself(app, connect::migrator(&environment).await?, &logins).await;
        }
        let report = self.audit(app, connect::migrator_if_known(&environment).await?, &logins).await?;

        let proven = report.is_proof(if self.strict { Severity::Advice } else { Severity::Failure });
        if self.reporting.json {
            let [failures, advice, notes] = counts(&report);
            print_json(&Printed { proven, failures, advice, notes, report: &report })?;
        } else {
            print_report(&report, proven);
        }
        Ok(exit_code(proven))
    }

    async fn audit(&self, app: &App, session: Option<Maintenance>, logins: &Logins) -> Result<Report> {
        let progress = Progress::spinner("auditing");
        let report = match &session {
            Some(session) => audit::run(session, app.schema, &self.dialect.dialect, logins).await,
            None => audit::without_catalogue(app.schema, &self.dialect.dialect, logins).await,
        };
        progress.finish();
        if let Some(session) = session {
            session.close().await;
        }
        report
    }

    async fn test_itself(self, app: &App, session: Maintenance, logins: &Logins) -> Result<ExitCode> {
        let progress = Progress::spinner("planting holes in a copy of the tables");
        let test = audit::self_test(&session, app.schema, &self.dialect.dialect, logins).await;
        progress.finish();
        session.close().await;
        let test = test?;
        if self.reporting.json {
            print_json(&test)?;
        } else {
            print_self_test(&test);
        }
        Ok(exit_code(test.is_proof()))
    }
}

fn logins(environment: &Environment) -> Result<Logins> {
    let seal = environment.get(WAYGATE_TENANT_SEAL_KEY).map(SealKey::from_base64).transpose()?;
    Ok(Logins {
        app: environment.url(WAYGATE_APP_URL)?,
        service: environment.url(WAYGATE_SERVICE_URL)?,
        seal: seal.map(Arc::new),
    })
}

fn exit_code(proven: bool) -> ExitCode {
    if proven { ExitCode::SUCCESS } else { ExitCode::from(BROKEN) }
}

fn print_self_test(test: &SelfTest) {
    let SelfTest { planted, found, kinds, shown_by_statements, missed } = test;
    for Missed { kind, table, part } in missed {
        print(format_args!("missed by the {part}: {kind}, on {table}"));
    }
    print(format_args!(
        "self-test: {planted} holes of {kinds} kinds planted, {found} found; \
         {shown_by_statements} of them by the matrix, too"
    ));
}

/// How many findings are failures, advice and notes.
fn counts(report: &Report) -> [usize; 3] {
    [Severity::Failure, Severity::Advice, Severity::Note]
        .map(|severity| report.findings.iter().filter(|finding| finding.severity == severity).count())
}

/// The matrix, and how its cells went; nothing where it did not run.
fn print_matrix(matrix: &Matrix) {
    if matrix.lines.is_empty() {
        return;
    }
    let [held, leaked, failed] = [Outcome::Held, Outcome::Leaked, Outcome::ControlFailed].map(|one| matrix.count(one));
    print(format_args!("{matrix}✔ held  ✘ leaked  ? without a working control  · says nothing about this model"));
    print(format_args!("matrix: {held} cells held, {leaked} leaked, {failed} without a working control"));
}

/// The failures, then the advice, then the notes; a rule's findings together.
fn print_report(report: &Report, proven: bool) {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule));
    if !findings.is_empty() {
        let mut out = table_of_words(&["severity", "rule", "object", "what, and what to do"]);
        for finding in findings {
            let what = if finding.help.is_empty() {
                finding.what.clone()
            } else {
                format!("{}\n→ {}", finding.what, finding.help)
            };
            out.add_row([finding.severity.to_string(), finding.rule.to_owned(), finding.object.clone(), what]);
        }
        print(out);
    }
    let mut not_run = BTreeMap::<_, Vec<_>>::new();
    for part in &report.not_run {
        not_run.entry(part.part.to_string()).or_default().push(part.why.as_str());
    }
    for (part, why) in not_run {
        print(format_args!("not run: {part}, because {}", why.join(" and ")));
    }
    print_matrix(&report.matrix);
    let [failures, advice, notes] = counts(report);
    let verdict = if proven { "isolation is proven" } else { "isolation is not proven" };
    let s = |count: usize| if count == 1 { "" } else { "s" };
    print(format_args!(
        "audit: {failures} failure{}, {advice} advice, {notes} note{}; {verdict}",
        s(failures),
        s(notes)
    ));
}
