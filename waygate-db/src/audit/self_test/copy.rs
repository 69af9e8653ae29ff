//! The copy of the tables, in a schema of its own.

use postgres_types::Type;

use crate::audit::matrix::{Claim, Scratch};
use crate::audit::{Finding, Subject, catalogue};
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;
use crate::sql::ddl::{Target, tables_sql};
use crate::sql::identifier::ident;

/// What the copies' schemas are called, before the audit's word.
const PREFIX: &str = "waygate_audit_copy_";

/// A copy, with two scratch tenants in it.
pub(super) struct Copy<'a> {
    pub(super) session: &'a Maintenance,
    pub(super) subject: Subject<'a>,
    pub(super) scratch: Scratch<'a>,
}

/// The schema of this audit's copy.
pub(super) fn name(claim: &Claim) -> String {
    format!("{PREFIX}{}", claim.word())
}

/// Drops the copies whose audits are no more.
pub(super) async fn drop_leftovers(session: &Maintenance, claim: &Claim) -> Result<()> {
    let copies = "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE starts_with(nspname, $1)";
    for row in session.rows(copies, &[(&PREFIX, Type::TEXT)]).await? {
        let schema: String = row.read(0)?;
        if claim.is_left_over(schema.trim_start_matches(PREFIX)).await? {
            session.run(&format!("DROP SCHEMA {} CASCADE", ident(&schema))).await?;
        }
    }
    Ok(())
}

impl Copy<'_> {
    /// Makes the tables, anew if they are there, and the scratch rows.
    pub(super) async fn make(&self) -> Result<()> {
        let Subject { models, dialect, namespace, .. } = self.subject;
        let target = Target { dialect, schema: namespace };
        let schema = ident(namespace);
        let script = format!(
            "BEGIN; SET LOCAL client_min_messages = warning; \
             DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; \
             GRANT USAGE ON SCHEMA {schema} TO {}, {};\n{};\nCOMMIT",
            ident(target.app()),
            ident(target.service()),
            tables_sql(models, target).join("\n"),
        );
        if let Err(refusal) = self.session.run(&script).await {
            self.session.run("ROLLBACK").await?;
            return Err(refusal.into());
        }
        match self.scratch.fill().await? {
            None => Ok(()),
            Some(finding) => {
                Err(Error::new(Kind::Server, format!("{}: {}", finding.object, finding.what)).help(finding.help))
            }
        }
    }

    /// What the catalogue's part finds after a script, which is taken back.
    pub(super) async fn examine(&self, script: &str) -> Result<Vec<Finding>> {
        self.session.run("BEGIN").await?;
        let findings = self.examine_here(script).await;
        self.session.run("ROLLBACK").await?;
        findings
    }

    async fn examine_here(&self, script: &str) -> Result<Vec<Finding>> {
        self.session.run(script).await?;
        catalogue::examine(self.session, self.subject).await
    }

    /// Drops it, with all that was planted in it.
    pub(super) async fn drop(&self) -> Result<()> {
        let schema = ident(self.subject.namespace);
        self.session
            .run(&format!("ROLLBACK; SET client_min_messages = warning; DROP SCHEMA IF EXISTS {schema} CASCADE"))
            .await?;
        Ok(())
    }
}
