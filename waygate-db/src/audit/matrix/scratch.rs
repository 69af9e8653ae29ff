//! The scratch tenants: their keys, their rows, and that nothing of them stays.
//!
//! A scratch row is known by its key, in every table: a UUID of version 8 that begins with `waygat` and ends with the
//! word of its audit. While an audit runs it holds an advisory lock of that word; rows whose word nobody has locked are
//! leftovers.

use postgres_types::Type;
use uuid::Uuid;

use super::super::logins::{self, Logins};
use super::super::{Finding, Part, Severity, Subject};
use super::rows;
use crate::error::{Error, Kind, Result};
use crate::schema::{Dialect, Schema, Scope, Table};
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
        format!("waygate-audit-{:08x}-{}", self.word, who.letter())
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

/// An audit's claim to its word, announced in `waygate.service_log`.
pub(in crate::audit) struct Claim {
    /// Holds the advisory lock.
    service: Direct,
    word: u32,
}

impl Claim {
    /// Takes a word that nobody has, and commits the announcement.
    pub(in crate::audit) async fn take(logins: &Logins, dialect: &Dialect) -> Result<Self> {
        let service = logins::connect(&logins.service).await?;
        service.run(super::context::become_service(dialect)).await?;
        let word = loop {
            let word = random_word()?;
            if try_lock(&service, word).await? {
                break word;
            }
        };
        let reason = format!("audit with the tenants waygate-audit-{word:08x}");
        service.run(&format!("INSERT INTO waygate.service_log (reason) VALUES ('{reason}')")).await?;
        Ok(Self { service, word })
    }

    /// The audit's word, in hexadecimal digits.
    pub(in crate::audit) fn word(&self) -> String {
        format!("{:08x}", self.word)
    }

    /// Whether nobody has this word: an audit that is at work holds its lock.
    pub(in crate::audit) async fn is_left_over(&self, word: &str) -> Result<bool> {
        let Ok(word) = u32::from_str_radix(word, 16) else { return Ok(false) };
        let taken = try_lock(&self.service, word).await?;
        if taken {
            self.service.run(&format!("SELECT pg_advisory_unlock({LOCKS}, {})", word.cast_signed())).await?;
        }
        Ok(taken)
    }
}

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
