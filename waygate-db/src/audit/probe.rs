//! Whether row security binds the app's login to each table, asked of the server itself, without touching a row.
//!
//! With `row_security = off` PostgreSQL refuses a query that a policy would have filtered, instead of filtering it. An
//! answer means that no policy applies: the login bypasses row security, or the table has none.

use super::logins;
use super::{Finding, Part, Severity, Subject};
use crate::error::Result;
use crate::schema::roles::OWNER;
use crate::session::Direct;
use crate::sql::identifier::ident;
use crate::url::DatabaseUrl;

/// Asks for each table, as the app's login.
pub(crate) async fn run(subject: Subject<'_>, app: &DatabaseUrl) -> Result<Vec<Finding>> {
    let app = logins::connect(app).await?;
    app.run(super::matrix::become_tenant(subject.dialect)).await?;
    let mut findings = Vec::new();
    for table in subject.models.tables() {
        let name = format!("{}.{}", ident(subject.namespace), ident(table.name));
        if let Some(what) = ask(&app, &name).await? {
            findings.push(unbound(&name, what));
        }
    }
    Ok(findings)
}

/// What is wrong, if anything is. The words of a refusal depend on the server's language, and its code is that of a
/// missing grant, too; so the same query must pass with row security on.
async fn ask(app: &Direct, table: &str) -> Result<Option<String>> {
    let query = format!("SELECT FROM {table} LIMIT 0");
    let off = app.run(&format!("BEGIN; SET LOCAL row_security = off; {query}")).await;
    app.run("ROLLBACK").await?;
    let what = match off {
        Ok(()) => "the app's login reads it with row_security = off: no policy binds it".to_owned(),
        Err(refusal) if refusal.code().is_empty() => return Err(refusal.into()),
        Err(refusal) if refusal.code() != "42501" => {
            format!("something else than row security stopped the probe (SQLSTATE {})", refusal.code())
        }
        Err(_) => match app.run(&query).await {
            Ok(()) => return Ok(None),
            Err(refusal) if refusal.code().is_empty() => return Err(refusal.into()),
            Err(refusal) => format!("the app's login may not read it at all (SQLSTATE {})", refusal.code()),
        },
    };
    Ok(Some(what))
}

fn unbound(table: &str, what: String) -> Finding {
    Finding {
        part: Part::Probe,
        severity: Severity::Failure,
        rule: "probe-unbound",
        object: table.to_owned(),
        what,
        help: format!("deploy the migrations as {OWNER}, and use the app login that `waygate setup` makes"),
    }
}
