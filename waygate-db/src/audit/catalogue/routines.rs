//! Functions that run with their owner's rights, or claim to leak nothing.

use postgres_types::Type;

use super::{Reach, failure};
use crate::audit::{Finding, Subject};
use crate::error::Result;
use crate::schema::roles::OWNER;
use crate::session::Maintenance;

const ROUTINES: &str = include_str!("routines.sql");

/// One function.
struct Routine {
    name: String,
    is_definer: bool,
    is_leakproof: bool,
    owner: String,
    /// Whether no tenant confines the owner: it is above row security, or owns the tables.
    is_unbound: bool,
    /// The logins that may call it.
    callers: Vec<String>,
}

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>, reach: Reach) -> Result<Vec<Finding>> {
    let (inside, app, service) = (reach == Reach::Inside, subject.dialect.app_role(), subject.dialect.service_role());
    let anon = subject.dialect.anon_role().unwrap_or(app);
    let params = [
        (&subject.namespace as _, Type::TEXT),
        (&inside as _, Type::BOOL),
        (&app as _, Type::TEXT),
        (&service as _, Type::TEXT),
        (&OWNER as _, Type::TEXT),
        (&anon as _, Type::TEXT),
    ];
    let mut findings = Vec::new();
    for row in session.rows(ROUTINES, &params).await? {
        let routine = Routine {
            name: row.read(0)?,
            is_definer: row.read(1)?,
            is_leakproof: row.read(2)?,
            owner: row.read(3)?,
            is_unbound: row.read(4)?,
            callers: row.read(5)?,
        };
        findings.extend(judge(&routine));
    }
    Ok(findings)
}

fn judge(routine: &Routine) -> Vec<Finding> {
    let Routine { name, owner, .. } = routine;
    let object = format!("function {name}");
    let mut findings = Vec::new();
    if routine.is_definer && !routine.callers.is_empty() {
        let callers = routine.callers.join(" and ");
        let what = format!("{callers} may call it, and it runs with the rights of {owner}");
        let help = format!("REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC, {}", routine.callers.join(", "));
        findings.push(failure("definer-callable", object.clone(), what, help));
    }
    if routine.is_definer && routine.is_unbound {
        let what = format!("it runs with the rights of {owner}, whom no tenant confines");
        let help = format!("ALTER FUNCTION {name} SECURITY INVOKER, or drop it");
        findings.push(failure("definer-unbound", object.clone(), what, help));
    }
    if routine.is_leakproof {
        let what = "it is marked LEAKPROOF, so that the server shows it rows before row security does".to_owned();
        findings.push(failure("leakproof-function", object, what, format!("ALTER FUNCTION {name} NOT LEAKPROOF")));
    }
    findings
}
