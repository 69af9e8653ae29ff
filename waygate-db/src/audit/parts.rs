//! The parts beside the catalogue, one after another: where the server stops one, what the others found is still told.

use super::logins::{self, Logins};
use super::{Finding, NotRun, Part, Report, Severity, Subject, escalation, matrix, probe};
use crate::environment::{DATABASE_URL, WAYGATE_MIGRATOR_URL};
use crate::error::{Error, Kind, Result};
use crate::schema::Dialect;
use crate::session::Maintenance;
use crate::url::DatabaseUrl;

/// Whether the database was deployed at all, and whether its policies ask for a seal.
const DEPLOYED: &str = "
    SELECT to_regclass('waygate.data_keys') IS NOT NULL,
           to_regclass('waygate.seal_keys') IS NOT NULL OR to_regprocedure('waygate.sealed_tenant()') IS NOT NULL";

/// Refuses a database that was deployed in another dialect: every line of the catalogue would be a failure.
pub(super) async fn require_dialect(session: &Maintenance, dialect: &Dialect) -> Result<()> {
    let rows = session.rows(DEPLOYED, &[]).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let (is_deployed, is_sealed): (bool, bool) = (row.read(0)?, row.read(1)?);
    if !is_deployed || is_sealed == (*dialect == Dialect::Sealed) {
        return Ok(());
    }
    let is = if is_sealed { "in the dialect `sealed`" } else { "in another dialect" };
    Err(Error::new(
        Kind::Config,
        format!("the audit judges the dialect `{dialect}`, and this database was deployed {is}"),
    )
    .help("name the database's dialect with --dialect or WAYGATE_DIALECT"))
}

/// Runs the parts that try statements, if the logins lead to the database whose catalogue was read.
pub(super) async fn try_statements(
    session: &Maintenance,
    subject: Subject<'_>,
    logins: &Logins,
    report: &mut Report,
) -> Result<()> {
    let strays = logins::strays(session, logins).await?;
    if !strays.is_empty() {
        for variable in strays {
            let why = format!("{variable} leads to another database");
            report.not_run.extend(not_run([Part::Probe, Part::Matrix, Part::Escalation], &why));
            report.findings.push(stray(variable));
        }
        return Ok(());
    }
    if let Some(findings) = unless_stopped(report, Part::Probe, probe::run(subject, &logins.app).await)? {
        report.findings.extend(findings);
    }
    if let Some((matrix, findings)) = unless_stopped(report, Part::Matrix, matrix::run(session, subject, logins).await)?
    {
        report.findings.extend(findings);
        report.matrix = matrix;
    }
    let escalation = escalation::run(session, subject, logins).await;
    if let Some(findings) = unless_stopped(report, Part::Escalation, escalation)? {
        report.findings.extend(findings);
    }
    Ok(())
}

/// What can be said where nobody may read the catalogue: whether row security binds the app's login.
pub(super) async fn without_catalogue(
    subject: Subject<'_>,
    app: Option<&DatabaseUrl>,
    report: &mut Report,
) -> Result<()> {
    let why = format!("neither {WAYGATE_MIGRATOR_URL} nor {DATABASE_URL} is set");
    report.not_run.extend(not_run([Part::Catalogue, Part::Matrix, Part::Escalation], &why));
    if let Some(app) = app
        && let Some(findings) = unless_stopped(report, Part::Probe, probe::run(subject, app).await)?
    {
        report.findings.extend(findings);
    }
    Ok(())
}

/// These parts did not run, each for this reason.
pub(super) fn not_run<const N: usize>(parts: [Part; N], why: &str) -> [NotRun; N] {
    parts.map(|part| NotRun { part, why: why.to_owned() })
}

/// A part that the server's refusal stopped did not run; a broken connection ends the audit.
fn unless_stopped<T>(report: &mut Report, part: Part, result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code().is_some() && !error.is_connection_lost() && !error.is_connect() => {
            report.not_run.push(NotRun { part, why: format!("the server stopped it: {}", error.message()) });
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn stray(variable: &str) -> Finding {
    Finding {
        part: Part::Probe,
        severity: Severity::Failure,
        rule: "other-database",
        object: variable.to_owned(),
        what: "it leads to another database than the one whose catalogue was read, so that nothing tried there counts"
            .to_owned(),
        help: format!("correct it, or {WAYGATE_MIGRATOR_URL}: all logins have to lead to one database"),
    }
}
