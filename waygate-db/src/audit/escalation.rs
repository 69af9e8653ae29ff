//! The ways out of a role and of a tenant, tried as the real logins.
//!
//! Each is tried in a transaction that is rolled back: what the server allows is a failure, and so is a function that
//! runs with other rights than its caller's.

mod functions;
mod powers;
mod roles;
mod tenants;

use super::logins::{self, Logins};
use super::matrix::{Scratch, become_service, become_tenant};
use super::{Finding, Part, Severity, Subject};
use crate::error::Result;
use crate::session::{Direct, Maintenance, Refusal};

/// Tries everything, and leaves nothing: the scratch tenants are erased, also after an error.
pub(crate) async fn run(session: &Maintenance, subject: Subject<'_>, logins: &Logins) -> Result<Vec<Finding>> {
    let scratch = Scratch::begin(session, subject, logins).await?;
    // Where the rows cannot be made, or not be deleted again, the matrix has said so.
    if scratch.rehearse(session).await?.is_some() {
        return Ok(Vec::new());
    }
    let tried = try_all(&scratch, subject, logins).await;
    let left = scratch.erase(session).await?;
    let mut findings = tried?;
    findings.extend(left);
    Ok(findings)
}

async fn try_all(scratch: &Scratch<'_>, subject: Subject<'_>, logins: &Logins) -> Result<Vec<Finding>> {
    if scratch.fill().await?.is_some() {
        return Ok(Vec::new());
    }
    let mut findings = Vec::new();
    let dialect = subject.dialect;
    for (url, known, acting) in [
        (&logins.app, roles::of_app(dialect), become_tenant(dialect)),
        (&logins.service, roles::of_service(dialect), become_service(dialect)),
    ] {
        let login = Attempts { connection: logins::connect(url).await?, role: url.user().to_owned() };
        findings.extend(roles::examine(&login, known).await?);
        // The rest as the role that the login's statements run as.
        login.connection.run(acting).await?;
        findings.extend(powers::examine(&login, subject).await?);
        findings.extend(functions::examine(&login).await?);
    }
    let app = Attempts { connection: logins::connect(&logins.app).await?, role: logins.app.user().to_owned() };
    findings.extend(tenants::examine(&app, subject, scratch.keys).await?);
    Ok(findings)
}

/// A login, and what it tries.
struct Attempts {
    connection: Direct,
    role: String,
}

impl Attempts {
    /// Runs a script in a transaction that is rolled back; whether it was allowed.
    async fn is_allowed(&self, script: &str) -> Result<bool> {
        self.connection.run("BEGIN").await?;
        let answer = self.connection.run(script).await;
        self.connection.run("ROLLBACK").await?;
        match answer {
            Ok(()) => Ok(true),
            Err(refusal) => is_answer(refusal).map(|()| false),
        }
    }

    fn finding(&self, severity: Severity, rule: &'static str, what: String, help: &str) -> Finding {
        let object = format!("role {}", self.role);
        Finding { part: Part::Escalation, severity, rule, object, what, help: help.to_owned() }
    }
}

/// A refusal is an answer; a broken connection is none.
fn is_answer(refusal: Refusal) -> Result<()> {
    if refusal.code().is_empty() || refusal.error.is_connection_lost() { Err(refusal.into()) } else { Ok(()) }
}
