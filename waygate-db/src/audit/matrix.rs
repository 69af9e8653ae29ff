//! The matrix: every operation on every model in every state a session can be in, tried as two tenants.
//!
//! Data flows: [`scratch`] commits two tenants with one row in each table, made by [`rows`] under [`keys`] that only
//! this audit has, by its [`claim`]; [`trial`] writes each
//! operation's statements; [`context`] puts the real app login into a state of the session; [`verdict`] says what the
//! answers prove; [`grid`] holds them. Nothing here names a model.
//!
//! Each statement runs in a transaction of its own that is rolled back, and no refusal counts without its control: the
//! same statement on the tenant's own row.

mod claim;
mod context;
mod grid;
mod keys;
mod operation;
mod rows;
mod scratch;
mod trial;
mod verdict;

use super::logins::{self, Logins};
use super::{Finding, Part, Severity, Subject};
use crate::error::Result;
use crate::schema::{Scope, Table};
use crate::session::{Direct, Maintenance};
use crate::sql::ddl::Target;

use context::State;
use trial::Case;
use verdict::Verdict;

pub use context::Context;
pub use grid::{Cell, Line, Matrix, Outcome};
pub use operation::Operation;

pub(super) use claim::Claim;
pub(super) use context::{become_service, become_tenant, set_local, set_role, setting};
pub(super) use keys::{Keys, Who};
pub(super) use scratch::Scratch;

/// Tries everything, and leaves nothing: the scratch tenants are erased, also after an error.
pub(crate) async fn run(
    session: &Maintenance,
    subject: Subject<'_>,
    logins: &Logins,
) -> Result<(Matrix, Vec<Finding>)> {
    let scratch = Scratch::begin(session, subject, logins).await?;
    if let Some(finding) = scratch.rehearse(session).await? {
        return Ok((Matrix::default(), vec![finding]));
    }
    let tried = try_all(&scratch, subject, logins).await;
    let left = scratch.erase(session).await?;
    let (matrix, mut findings) = tried?;
    findings.extend(left);
    Ok((matrix, findings))
}

async fn try_all(scratch: &Scratch<'_>, subject: Subject<'_>, logins: &Logins) -> Result<(Matrix, Vec<Finding>)> {
    if let Some(finding) = scratch.fill().await? {
        return Ok((Matrix::default(), vec![finding]));
    }
    let mut bench = Bench::open(subject, logins, scratch.keys).await?;
    for table in subject.models.tables() {
        bench.try_table(table).await?;
    }
    Ok(bench.finish())
}

/// The connections and what came out on them.
pub(super) struct Bench<'a> {
    subject: Subject<'a>,
    logins: &'a Logins,
    keys: Keys,
    app: Direct,
    /// No tenant is ever set on it.
    fresh: Direct,
    matrix: Matrix,
    findings: Vec<Finding>,
    lockable: Vec<String>,
}

impl<'a> Bench<'a> {
    pub(super) async fn open(subject: Subject<'a>, logins: &'a Logins, keys: Keys) -> Result<Self> {
        let (app, fresh) = (logins::connect(&logins.app).await?, logins::connect(&logins.app).await?);
        let (matrix, findings, lockable) = (Matrix::default(), Vec::new(), Vec::new());
        Ok(Self { subject, logins, keys, app, fresh, matrix, findings, lockable })
    }

    /// Tries everything on one table.
    pub(super) async fn try_table(&mut self, table: &'static Table) -> Result<()> {
        context::cancel(&self.app, self.subject, self.keys).await?;
        for operation in Operation::ALL {
            let mut verdicts = Vec::with_capacity(Context::ALL.len());
            for context in Context::ALL {
                verdicts.push((context, self.try_cell(table, operation, context).await?));
            }
            self.tell(table, operation, &verdicts);
            let cells = verdicts.into_iter().map(|(context, Verdict { outcome, sqlstate, .. })| Cell {
                context,
                outcome,
                sqlstate,
            });
            let line = Line { model: table.model, table: table.name, operation, cells: cells.collect() };
            self.matrix.lines.push(line);
        }
        Ok(())
    }

    /// The findings since the last time.
    pub(super) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// The matrix and the findings so far.
    pub(super) fn finish(mut self) -> (Matrix, Vec<Finding>) {
        self.findings.extend(self.notes());
        (self.matrix, self.findings)
    }

    async fn try_cell(&self, table: &'static Table, operation: Operation, context: Context) -> Result<Verdict> {
        let app = if context == Context::Unset { &self.fresh } else { &self.app };
        let (own, other) = context.tenants().unwrap_or((Who::A, Who::B));
        let target = Target { dialect: self.subject.dialect, schema: self.subject.namespace };
        let case = Case { table, target, keys: self.keys, own, other };
        let state = State { app, context, subject: self.subject, keys: self.keys };
        let mut whole = Verdict::not_applicable();
        for trial in case.trials(operation) {
            let verdict = match context.tenants() {
                Some(_) => verdict::confined(state, &case, &trial).await?,
                None => verdict::unconfined(state, &trial).await?,
            };
            whole = whole.and(verdict);
        }
        // What a leak locked must not keep the other connection waiting.
        app.run("ROLLBACK").await?;
        if operation == Operation::Copy {
            let aside = logins::connect(&self.logins.app).await?;
            State { app: &aside, ..state }.begin().await?;
            whole = whole.and(verdict::copied_in(aside, &case.copy_in()).await?);
        }
        Ok(whole)
    }

    /// One finding for each kind of failure in a line.
    fn tell(&mut self, table: &Table, operation: Operation, verdicts: &[(Context, Verdict)]) {
        let object = Target { dialect: self.subject.dialect, schema: self.subject.namespace }.name(table.name);
        if operation == Operation::Lock && verdicts.iter().any(|(_, verdict)| verdict.outcome == Outcome::NotApplicable)
        {
            self.lockable.push(object.clone());
        }
        for (rule, failed, help) in [
            (
                "matrix-leak",
                Outcome::Leaked,
                "see what the catalogue's part says of this table, and deploy what the models render",
            ),
            (
                "matrix-control",
                Outcome::ControlFailed,
                "nothing is proven where a tenant cannot reach its own row; give back what it lacks",
            ),
        ] {
            let hits: Vec<&(Context, Verdict)> =
                verdicts.iter().filter(|(_, verdict)| verdict.outcome == failed).collect();
            let Some((_, first)) = hits.first() else { continue };
            let contexts: Vec<String> = hits.iter().map(|(context, _)| context.to_string()).collect();
            let code = first.sqlstate.as_ref().map_or_else(String::new, |code| format!(" (SQLSTATE {code})"));
            let what = format!("{operation}, in {}: {}{code}", contexts.join(", "), first.what.unwrap_or_default());
            self.findings.push(finding(Severity::Failure, rule, object.clone(), what, help));
        }
    }

    /// What is inherent, and worth knowing.
    fn notes(&self) -> Vec<Finding> {
        let is_writable = |table: &Table| matches!(table.scope, Scope::Column(_) | Scope::Through { .. });
        let mut notes = Vec::new();
        if !self.lockable.is_empty() {
            let what = "a tenant's session may lock the table, which the right to delete implies".to_owned();
            let help = "give the app login a short lock_timeout and idle_in_transaction_session_timeout";
            notes.push(finding(Severity::Note, "matrix-lock", self.lockable.join(", "), what, help));
        }
        if self.subject.models.tables().any(is_writable) {
            let what =
                "a primary key is unique over all tenants: whoever already knows another's key learns by a clash that \
                        it is taken, and nothing else"
                    .to_owned();
            let help = "leave keys to the library, which makes random ones";
            notes.push(finding(Severity::Note, "matrix-key", self.subject.namespace.to_owned(), what, help));
        }
        notes
    }
}

fn finding(severity: Severity, rule: &'static str, object: String, what: String, help: &str) -> Finding {
    Finding { part: Part::Matrix, severity, rule, object, what, help: help.to_owned() }
}
