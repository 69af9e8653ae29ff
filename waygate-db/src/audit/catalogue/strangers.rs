//! Tables beside the models': closed, or a way around them.

use postgres_types::Type;

use super::{advice, failure};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::session::Maintenance;

/// Tables and sequences of a schema that no model, no extension and no model's partition is, with what the logins or
/// everybody may do with them.
const STRANGERS: &str = include_str!("strangers.sql");

/// Looks at the tables of the subject's schema that are not among the `known`.
pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>, known: &[&str]) -> Result<Vec<Finding>> {
    let (app, service) = (subject.dialect.app_role(), subject.dialect.service_role());
    let anon = subject.dialect.anon_role().unwrap_or(app);
    let params = [
        (&subject.namespace as _, Type::TEXT),
        (&known as _, Type::TEXT_ARRAY),
        (&app as _, Type::TEXT),
        (&service as _, Type::TEXT),
        (&anon as _, Type::TEXT),
    ];
    let mut findings = Vec::new();
    for row in session.rows(STRANGERS, &params).await? {
        let (name, kind): (String, String) = (row.read(0)?, row.read(1)?);
        let is_bound: bool = row.read(2)?;
        let rights: Vec<String> = row.read(3)?;
        findings.push(judge(&format!("{}.{name}", subject.namespace), &kind, is_bound, &rights));
    }
    Ok(findings)
}

fn judge(object: &str, kind: &str, is_bound: bool, rights: &[String]) -> Finding {
    let name = object.to_owned();
    let help = "make a model of it, move it to another schema, or revoke the rights";
    if kind == "sequence" {
        let what = format!("{}: a sequence's numbers tell how much other tenants write", rights.join("; "));
        return failure(
            "sequence-granted",
            name,
            what,
            format!("REVOKE ALL ON SEQUENCE {object} FROM PUBLIC, and the roles"),
        );
    }
    if !rights.is_empty() {
        let security = if is_bound { "" } else { ", and row security does not bind it" };
        let what = format!("no model is this {kind}{security}; {}", rights.join("; "));
        return failure("table-unknown", name, what, help);
    }
    let state = if is_bound {
        "closed: row security binds it and nobody has a right"
    } else {
        "nobody has a right, but row security is off"
    };
    advice("table-unknown", name, format!("no model is this {kind}; {state}"), help)
}
