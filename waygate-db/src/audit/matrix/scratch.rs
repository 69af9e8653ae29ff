//! The scratch tenants and their rows: made, and erased without a rest.

use postgres_types::Type;

use super::claim::Claim;
use super::keys::{HIGHEST, Keys, LOWEST, Who};
use super::rows;
use crate::audit::logins::Logins;
use crate::audit::{Finding, Part, Severity, Subject};
use crate::error::Result;
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
    /// Claims a word, and erases what killed audits left, as far as anybody may.
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

    /// Says why rows could not be deleted again, before any is made: then none is, and nothing is tried.
    pub(in crate::audit) async fn rehearse(&self, session: &Maintenance) -> Result<Option<Finding>> {
        let told = |why| {
            let what = format!("a row could not be deleted again, so none was made and nothing was tried: {why}");
            finding(
                self.subject.namespace.to_owned(),
                what,
                "see what the catalogue's part says of the table and its publications",
            )
        };
        Ok(self.erase_word(session, &self.claim.word()).await?.map(told))
    }

    /// Deletes the rows, and ends the audit's claim to them; says what stayed.
    pub(in crate::audit) async fn erase(&self, session: &Maintenance) -> Result<Option<Finding>> {
        let told = |why| {
            let what = format!("the audit's scratch rows could not be deleted: {why}");
            let help = "the next audit tries again; they are the rows of tenants named waygate-audit-…";
            finding(self.subject.namespace.to_owned(), what, help)
        };
        Ok(self.erase_word(session, &self.claim.word()).await?.map(told))
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
        // As the service where the owner may not read a table that is no more its own.
        let words: Vec<String> = match session.rows(&words, &[]).await {
            Ok(rows) => rows.iter().map(|row| row.read(0)).collect::<Result<_>>()?,
            Err(refusal) if refusal.code().is_empty() => return Err(refusal.into()),
            Err(_) => self.claim.service.rows(&words).await?.into_iter().flatten().flatten().collect(),
        };
        for word in words {
            if self.claim.is_left_over(&word).await? {
                // Rows that stay are the next audit's, and what keeps them keeps its own from being made.
                self.erase_word(session, &word).await?;
            }
        }
        Ok(())
    }

    /// As the service and as the owner: a right or a policy of either may be missing. Children go first. Says why
    /// neither could.
    async fn erase_word(&self, session: &Maintenance, word: &str) -> Result<Option<String>> {
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
        let as_owner = session.run(&script).await;
        if as_owner.is_err() {
            session.run("ROLLBACK").await?;
        }
        match (as_service, as_owner) {
            (Err(refusal), Err(_)) if refusal.code().is_empty() => Err(refusal.into()),
            (Err(refusal), Err(_)) => Ok(Some(refusal.error.message().to_owned())),
            _ => Ok(None),
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
    let what =
        format!("the service could not insert a row for a tenant, so nothing was tried: {}", refusal.error.message());
    let help = "see what the catalogue's part says of this table; a CHECK that takes no generated value stops it, too";
    Ok(finding(table.to_owned(), what, help))
}

fn finding(object: String, what: String, help: &str) -> Finding {
    let (part, severity, rule) = (Part::Matrix, Severity::Failure, "matrix-fixture");
    Finding { part, severity, rule, object, what, help: help.to_owned() }
}
