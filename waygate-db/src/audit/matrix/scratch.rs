//! The scratch tenants and their rows: made, and erased without a rest.

use postgres_types::Type;

use super::claim::Claim;
use super::keys::{HIGHEST, Keys, LOWEST, Who};
use super::rows;
use crate::audit::logins::Logins;
use crate::audit::{Finding, Part, Severity, Subject};
use crate::error::{Error, Kind, Result};
use crate::schema::{Scope, Table};
use crate::session::{Maintenance, Refusal};
use crate::sql::ddl::Target;
use crate::sql::identifier::ident;

/// One audit's scratch rows, committed through the service's login.
pub(in crate::audit) struct Scratch<'a> {
    subject: Subject<'a>,
    claim: Claim,
    pub(in crate::audit) keys: Keys,
}

impl<'a> Scratch<'a> {
    /// Claims a word, and erases what killed audits left.
    pub(in crate::audit) async fn begin(session: &Maintenance, subject: Subject<'a>, logins: &Logins) -> Result<Self> {
        let scratch = Self::of(Claim::take(logins, subject.dialect).await?, subject);
        scratch.erase_leftovers(session).await?;
        Ok(scratch)
    }

    /// The rows of this claim, in these tables.
    pub(in crate::audit) fn of(claim: Claim, subject: Subject<'a>) -> Self {
        let keys = Keys { models: *subject.models, word: claim.word };
        Self { subject, claim, keys }
    }

    /// Commits one row in each table for each tenant, or says which table takes none.
    pub(in crate::audit) async fn fill(&self) -> Result<Option<Finding>> {
        let target = Target { dialect: self.subject.dialect, schema: self.subject.namespace };
        for who in [Who::A, Who::B] {
            let set = super::set_local(self.subject, self.keys.tenant(who))?;
            self.claim.service.run(&format!("BEGIN; {set}")).await?;
            for table in self.subject.models.tables() {
                // Reference data is everyone's: there is one row of it.
                if table.scope == Scope::Shared && who == Who::B {
                    continue;
                }
                let insert = rows::insert(table, target, self.keys, rows::Values::of(who));
                if let Err(refusal) = self.claim.service.run(&insert).await {
                    self.claim.service.run("ROLLBACK").await?;
                    return not_filled(&target.name(table.name), refusal).map(Some);
                }
            }
            self.claim.service.run("COMMIT").await?;
        }
        Ok(None)
    }

    /// Deletes the rows, and ends the audit's claim to them.
    pub(in crate::audit) async fn erase(&self, session: &Maintenance) -> Result<()> {
        self.erase_word(session, &self.claim.word()).await
    }

    async fn erase_leftovers(&self, session: &Maintenance) -> Result<()> {
        let words = self.tables(session).await?.into_iter().map(|table| {
            let (key, on) = (ident(table.key_column().name), self.name(table));
            format!(
                "SELECT substring({key}::text FROM 25 FOR 8) FROM {on} WHERE {key} BETWEEN '{LOWEST}' AND '{HIGHEST}'"
            )
        });
        let words = words.collect::<Vec<_>>().join(" UNION ");
        if words.is_empty() {
            return Ok(());
        }
        for row in session.rows(&words, &[]).await? {
            let word: String = row.read(0)?;
            if self.claim.is_left_over(&word).await? {
                self.erase_word(session, &word).await?;
            }
        }
        Ok(())
    }

    /// As the service and as the owner: a right or a policy of either may be missing. Children go first.
    async fn erase_word(&self, session: &Maintenance, word: &str) -> Result<()> {
        let deletes = self.tables(session).await?.into_iter().rev().map(|table| {
            let (key, on) = (ident(table.key_column().name), self.name(table));
            format!(
                "DELETE FROM {on} WHERE {key} BETWEEN '{LOWEST}' AND '{HIGHEST}' \
                 AND substring({key}::text FROM 25 FOR 8) = '{word}'"
            )
        });
        let script = format!("BEGIN; {}; COMMIT", deletes.collect::<Vec<_>>().join("; "));
        let as_service = self.claim.service.run(&format!("ROLLBACK; {script}")).await;
        if as_service.is_err() {
            self.claim.service.run("ROLLBACK").await?;
        }
        match session.run(&script).await {
            Ok(()) => Ok(()),
            Err(refusal) => {
                session.run("ROLLBACK").await?;
                as_service.map_err(|_| not_erased(refusal))
            }
        }
    }

    /// The models' tables that are there; one that is missing is for the catalogue's part to tell.
    async fn tables(&self, session: &Maintenance) -> Result<Vec<&'static Table>> {
        let mut tables = Vec::new();
        for table in self.subject.models.tables() {
            let found = session.rows("SELECT to_regclass($1) IS NOT NULL", &[(&self.name(table), Type::TEXT)]).await?;
            if found.first().map_or(Ok(false), |row| row.read(0))? {
                tables.push(table);
            }
        }
        Ok(tables)
    }

    fn name(&self, table: &Table) -> String {
        Target { dialect: self.subject.dialect, schema: self.subject.namespace }.name(table.name)
    }
}

/// A table that takes no row of the service is a finding, unless the connection broke.
fn not_filled(table: &str, refusal: Refusal) -> Result<Finding> {
    if refusal.code().is_empty() {
        return Err(refusal.into());
    }
    Ok(Finding {
        part: Part::Matrix,
        severity: Severity::Failure,
        rule: "matrix-fixture",
        object: table.to_owned(),
        what: format!(
            "the service could not insert a row for a tenant, so nothing was tried: {}",
            refusal.error.message()
        ),
        help: "see what the catalogue's part says of this table; a CHECK that takes no generated value stops it, too"
            .to_owned(),
    })
}

fn not_erased(refusal: Refusal) -> Error {
    Error::new(Kind::Server, "the audit's scratch rows could not be deleted")
        .help("the next audit tries again; they are the rows of tenants named waygate-audit-…")
        .reported(refusal.into_report())
}
