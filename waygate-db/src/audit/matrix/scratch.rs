//! The scratch tenants: their keys, their rows, and that nothing of them stays.
//!
//! A scratch row is known by its key, in every table: a UUID of version 8 that begins with `waygat` and ends with the
//! word of its audit. While an audit runs it holds an advisory lock of that word; rows whose word nobody has locked are
//! leftovers.

use uuid::Uuid;

use super::super::logins::{self, Logins};
use super::super::{Finding, Part, Severity, Subject};
use super::rows;
use crate::error::{Error, Kind, Result};
use crate::schema::{Schema, Scope, Table};
use crate::session::{Direct, Maintenance, Refusal};
use crate::sql::ddl::Target;
use crate::sql::identifier::ident;

/// The class of the advisory locks: `wayg` in ASCII, and one.
const LOCKS: i32 = 2_002_876_776;
/// The lowest and highest key of a scratch row.
const LOWEST: &str = "77617967-6174-8000-8000-000000000000";
const HIGHEST: &str = "77617967-6174-8fff-8fff-ffffffffffff";
/// The place of a tenant without a table of tenants.
const NO_TABLE: usize = 0xfff;

/// Whose a scratch row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::audit) enum Who {
    /// The first tenant's.
    A,
    /// The second tenant's.
    B,
    /// A row that is never there.
    Missing,
    /// A row that a statement would add.
    New,
}

/// The keys of one audit's scratch rows.
#[derive(Debug, Clone, Copy)]
pub(in crate::audit) struct Keys {
    models: Schema,
    word: u32,
}

impl Keys {
    /// The key of a row: a tenant's own in a table of tenants.
    pub(in crate::audit) fn row(self, table: &Table, who: Who) -> Uuid {
        match table.scope {
            Scope::Key => self.tenant(who),
            Scope::Shared | Scope::Column(_) | Scope::Through { .. } => self.at(self.place(table), who),
        }
    }

    /// The tenant itself.
    pub(in crate::audit) fn tenant(self, who: Who) -> Uuid {
        self.at(NO_TABLE, who)
    }

    /// The name that the scratch tenants have.
    pub(super) fn name(self, who: Who) -> String {
        format!("{}-{}", self.audit(), who.letter())
    }

    /// The name of the audit.
    pub(in crate::audit) fn audit(self) -> String {
        format!("waygate-audit-{:08x}", self.word)
    }

    /// A number that other audits hardly have.
    pub(super) fn number(self, who: Who) -> u32 {
        (self.word & 0x3fff) << 1 | u32::from(who == Who::B)
    }

    fn place(self, table: &Table) -> usize {
        self.models.tables().position(|model| model.name == table.name).unwrap_or(NO_TABLE)
    }

    fn at(self, place: usize, who: Who) -> Uuid {
        let place = u128::try_from(place & 0xfff).unwrap_or_default();
        let high = 0x7761_7967_6174_8000_8000_0000_0000_0000_u128;
        Uuid::from_u128(high | u128::from(who.nibble()) << 72 | place << 48 | u128::from(self.word) << 16)
    }
}

impl Who {
    fn nibble(self) -> u8 {
        match self {
            Self::A => 0xa,
            Self::B => 0xb,
            Self::Missing => 0xe,
            Self::New => 0xf,
        }
    }

    fn letter(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
            Self::Missing => 'm',
            Self::New => 'n',
        }
    }
}

/// One audit's scratch rows, committed through the service's login.
pub(in crate::audit) struct Scratch<'a> {
    subject: Subject<'a>,
    /// Holds the advisory lock.
    service: Direct,
    pub(in crate::audit) keys: Keys,
}

impl<'a> Scratch<'a> {
    /// Announces the audit in `waygate.service_log`, and erases what killed audits left.
    pub(in crate::audit) async fn begin(session: &Maintenance, subject: Subject<'a>, logins: &Logins) -> Result<Self> {
        let service = logins::connect(&logins.service).await?;
        let word = loop {
            let word = random_word()?;
            if try_lock(&service, word).await? {
                break word;
            }
        };
        let scratch = Self { subject, service, keys: Keys { models: *subject.models, word } };
        let log = format!(
            "INSERT INTO waygate.service_log (reason) VALUES ('audit with the tenants {}')",
            scratch.keys.audit()
        );
        scratch.service.run(&log).await?;
        scratch.erase_leftovers(session).await?;
        Ok(scratch)
    }

    /// Commits one row in each table for each tenant, or says which table takes none.
    pub(in crate::audit) async fn fill(&self) -> Result<Option<Finding>> {
        let target = Target { dialect: self.subject.dialect, schema: self.subject.namespace };
        for who in [Who::A, Who::B] {
            self.service
                .run(&format!("BEGIN; {}", super::set_local(target.dialect, &self.keys.tenant(who).to_string())))
                .await?;
            for table in self.subject.models.tables() {
                // Reference data is everyone's: there is one row of it.
                if table.scope == Scope::Shared && who == Who::B {
                    continue;
                }
                let insert = rows::insert(table, target, self.keys, &rows::Values::of(who));
                if let Err(refusal) = self.service.run(&insert).await {
                    self.service.run("ROLLBACK").await?;
                    return not_filled(&target.name(table.name), refusal).map(Some);
                }
            }
            self.service.run("COMMIT").await?;
        }
        Ok(None)
    }

    /// Deletes the rows, and ends the audit's claim to them.
    pub(in crate::audit) async fn erase(&self, session: &Maintenance) -> Result<()> {
        self.erase_word(session, self.keys.word).await
    }

    async fn erase_leftovers(&self, session: &Maintenance) -> Result<()> {
        let words = self.subject.models.tables().map(|table| {
            let (key, on) = (ident(table.key_column().name), self.name(table));
            format!(
                "SELECT substring({key}::text FROM 25 FOR 8) FROM {on} WHERE {key} BETWEEN '{LOWEST}' AND '{HIGHEST}'"
            )
        });
        let words = words.collect::<Vec<_>>().join(" UNION ");
        if words.is_empty() {
            return Ok(());
        }
        for row in self.service.rows(&words).await? {
            let word = row.into_iter().next().flatten().and_then(|word| u32::from_str_radix(&word, 16).ok());
            // A lock that another audit holds is a sign of life.
            if let Some(word) = word
                && try_lock(&self.service, word).await?
            {
                self.erase_word(session, word).await?;
                self.service.run(&format!("SELECT pg_advisory_unlock({LOCKS}, {})", word.cast_signed())).await?;
            }
        }
        Ok(())
    }

    /// As the service; where a right or a policy of its is missing, as the owner.
    async fn erase_word(&self, session: &Maintenance, word: u32) -> Result<()> {
        let mut deletes: Vec<String> = self
            .subject
            .models
            .tables()
            .map(|table| {
                let (key, on) = (ident(table.key_column().name), self.name(table));
                format!(
                    "DELETE FROM {on} WHERE {key} BETWEEN '{LOWEST}' AND '{HIGHEST}' \
                 AND substring({key}::text FROM 25 FOR 8) = '{word:08x}'"
                )
            })
            .collect();
        deletes.reverse();
        let script = format!("BEGIN; {}; COMMIT", deletes.join("; "));
        let as_service = self.service.run(&format!("ROLLBACK; {script}")).await;
        if as_service.is_err() {
            self.service.run("ROLLBACK").await?;
        }
        match session.run(&script).await {
            Ok(()) => Ok(()),
            Err(refusal) => {
                session.run("ROLLBACK").await?;
                as_service.map_err(|_| not_erased(refusal))
            }
        }
    }

    fn name(&self, table: &Table) -> String {
        Target { dialect: self.subject.dialect, schema: self.subject.namespace }.name(table.name)
    }
}

/// Takes the lock of a word if nobody has it.
async fn try_lock(service: &Direct, word: u32) -> Result<bool> {
    let rows = service.rows(&format!("SELECT pg_try_advisory_lock({LOCKS}, {})", word.cast_signed())).await?;
    Ok(rows.first().and_then(|row| row.first()).is_some_and(|taken| taken.as_deref() == Some("t")))
}

fn random_word() -> Result<u32> {
    getrandom::u32().map_err(|_| Error::new(Kind::Io, "the system gave no random number"))
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
