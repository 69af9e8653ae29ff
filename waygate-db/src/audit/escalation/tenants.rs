//! Choosing another tenant from inside a statement, as injected SQL would.

use super::{Attempts, is_answer};
use crate::audit::matrix::{Keys, Who, set_local, set_role, setting};
use crate::audit::{Finding, Severity, Subject};
use crate::error::Result;
use crate::schema::{Dialect, Table};
use crate::session::Refusal;
use crate::sql::ddl::Target;
use crate::sql::identifier::{ident, literal};

/// Tries it on every table, with the library's own condition and without.
pub(super) async fn examine(app: &Attempts, subject: Subject<'_>, keys: Keys) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut policy_alone = Vec::new();
    for table in subject.models.tables().filter(|table| table.has_tenant()) {
        let attempt = Forgery { app, subject, keys, table };
        if attempt.shows_another(&attempt.condition()).await? {
            findings.push(attempt.confined_by_nothing());
        }
        if attempt.shows_another("true").await? {
            policy_alone.push(attempt.name());
        }
        if attempt.shows_nobodys().await? {
            findings.push(attempt.opened_by_claims());
        }
    }
    if !policy_alone.is_empty() {
        findings.push(of_policy_alone(app, subject.dialect, &policy_alone));
    }
    Ok(findings)
}

/// One table, and the statement that names another tenant while it runs.
struct Forgery<'a> {
    app: &'a Attempts,
    subject: Subject<'a>,
    keys: Keys,
    table: &'static Table,
}

impl Forgery<'_> {
    /// Whether the first tenant's session sees the second's row under this condition.
    async fn shows_another(&self, condition: &str) -> Result<bool> {
        let (app, role) = (&self.app.connection, set_role(self.subject.dialect));
        app.run(&format!("BEGIN; {role}; {}", set_local(self.subject, self.keys.tenant(Who::A))?)).await?;
        let answer = app.rows(&self.statement(condition)).await;
        app.run("ROLLBACK").await?;
        let refused = |refusal: Refusal| is_answer(refusal).map(|()| Vec::new());
        Ok(!answer.or_else(refused)?.is_empty())
    }

    /// Whether a session whose claims name no tenant sees a row: such claims are a token's, so they are no error.
    async fn shows_nobodys(&self) -> Result<bool> {
        let Dialect::Supabase(_) = self.subject.dialect else { return Ok(false) };
        let (app, role) = (&self.app.connection, set_role(self.subject.dialect));
        app.run(&format!("BEGIN; {role}; SET LOCAL \"request.jwt.claims\" = '{{}}'")).await?;
        let [one, another] = [Who::A, Who::B].map(|who| self.keys.row(self.table, who));
        let key = ident(self.table.key_column().name);
        let read = format!("SELECT {key}::text FROM {} WHERE {key} IN ('{one}', '{another}')", self.name());
        let answer = app.rows(&read).await;
        app.run("ROLLBACK").await?;
        let refused = |refusal: Refusal| is_answer(refusal).map(|()| Vec::new());
        Ok(!answer.or_else(refused)?.is_empty())
    }

    /// The setting is forged before the table is read: a materialized query is run once, where it is first needed.
    fn statement(&self, condition: &str) -> String {
        let (name, other) = setting(self.subject.dialect, &self.keys.tenant(Who::B).to_string());
        let key = ident(self.table.key_column().name);
        format!(
            "WITH forged AS MATERIALIZED (SELECT set_config('{name}', {}, true)) \
             SELECT {key}::text FROM forged, {} WHERE {key} = '{}' AND {condition}",
            literal(&other),
            self.name(),
            self.keys.row(self.table, Who::B),
        )
    }

    /// What the library adds to each of its statements, for the session's real tenant.
    fn condition(&self) -> String {
        self.keys.condition(self.table, Who::A, self.target())
    }

    fn confined_by_nothing(&self) -> Finding {
        let what =
            "a set_config inside a statement with the library's own condition shows another tenant's row".to_owned();
        let help = "see what the matrix says of this table: its rows do not belong to whom its column says";
        Finding { object: self.name(), ..self.app.finding(Severity::Failure, "escalation-tenant", what, help) }
    }

    fn opened_by_claims(&self) -> Finding {
        let what = "claims that name no tenant show a tenant's row".to_owned();
        let help = "create the policies as `schema sql --dialect supabase` prints them";
        Finding { object: self.name(), ..self.app.finding(Severity::Failure, "escalation-claims", what, help) }
    }

    fn target(&self) -> Target<'_> {
        Target { dialect: self.subject.dialect, schema: self.subject.namespace }
    }

    fn name(&self) -> String {
        self.target().name(self.table.name)
    }
}

/// Under the plain policies a session names its own tenant, so that injected SQL may, too; under sealed ones it may not.
fn of_policy_alone(app: &Attempts, dialect: &Dialect, tables: &[String]) -> Finding {
    let (severity, help) = match dialect {
        Dialect::Sealed => (
            Severity::Failure,
            "deploy the policies and waygate.sealed_tenant() as `schema sql --dialect sealed` prints them",
        ),
        Dialect::Postgres | Dialect::Supabase(_) | Dialect::Citus => {
            (Severity::Advice, "bind every value; where raw SQL is built from foreign text, use the sealed dialect")
        }
    };
    let what = format!(
        "SQL injected into a raw statement can name another tenant by set_config, on {}; the library's own statements \
         stay confined by their condition",
        tables.join(", "),
    );
    app.finding(severity, "escalation-set-config", what, help)
}
