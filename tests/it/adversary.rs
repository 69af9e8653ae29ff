//! What an adversary, a broken network or bad luck may do between a call and its answer: after it no tenant sees another's
//! row, no write is half there, and no acknowledged one is lost.
//!
//! Each suite says in a line of its own, which starts with `adversary:`, how much it tried and how many leaks it found.

mod broken;
mod dropped;
mod forged;
mod graphs;
mod interleaved;
mod lost_answers;
mod oracle;

use std::io::Write;
use std::time::Duration;

use waygate::models::{AuthType, Integration};
use waygate_db::{Db, Error, Id, Model, OneTenant, Result, Session, TenantId};

use crate::support::{Login, TestDb, action};

/// Prints a line that the test runner does not capture.
pub(crate) fn report(line: impl std::fmt::Display) {
    let mut stderr = std::io::stderr();
    // `eprintln!` would be captured; one write keeps the line whole.
    stderr.write_all(format!("adversary: {line}\n").as_bytes()).unwrap();
}

/// What a connection's last borrower left set on it, as the next one sees it.
#[derive(Model, Debug)]
#[model(table = "left_behind", shared)]
pub(crate) struct LeftBehind {
    #[model(key)]
    id: Id<LeftBehind>,
    tenant: String,
}

impl LeftBehind {
    /// Makes the view that shows it to the app.
    pub(crate) async fn show(test: &TestDb) {
        let view = "CREATE VIEW left_behind AS SELECT gen_random_uuid() AS id, \
                        coalesce(current_setting('waygate.tenant_id', true), '') AS tenant; \
                    GRANT SELECT ON left_behind TO waygate_app";
        test.rows_of(Login::Owner, view).await;
    }

    /// The tenant that is set outside of any scope; there is none.
    pub(crate) async fn read(db: &Db) -> Result<String> {
        Self::query().one(db).await.map(|row| row.tenant)
    }
}

/// An integration named a family with two actions: there together or not at all.
pub(crate) async fn family(slug: &str, session: &impl Session<OneTenant>) -> Result<Integration> {
    let parent = Integration::create().name("A family").slug(slug).auth_type(AuthType::Basic).insert(session).await?;
    action(parent.id, "first", session).await?;
    action(parent.id, "second", session).await?;
    Ok(parent)
}

/// How many families are not whole, and how many rows were changed by half: what is written to both columns differs.
pub(crate) async fn halves(test: &TestDb) -> u64 {
    let sql = "SELECT (SELECT count(*) FROM integrations WHERE name = 'A family' AND 2 <> \
                   (SELECT count(*) FROM actions WHERE integration_id = integrations.id)) + \
               (SELECT count(*) FROM integrations WHERE slug = 'pair' AND description <> name)";
    test.value(Login::Admin, sql).await.parse().unwrap()
}

/// How a suite went.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) dropped: u64,
    /// The most polls that a dropped future had.
    pub(crate) deepest: u64,
    pub(crate) finished: u64,
    pub(crate) leaks: u64,
    pub(crate) errors: u64,
    pub(crate) first_error: Option<String>,
}

impl Tally {
    /// Counts the rows that are another tenant's.
    pub(crate) fn see(&mut self, tenant: TenantId, rows: &[Integration]) {
        self.leaks += rows.iter().filter(|row| row.tenant_id != tenant).count() as u64;
    }

    /// Counts a tenant that was left on a connection.
    pub(crate) fn see_left(&mut self, tenant: Result<String>) {
        match tenant {
            Ok(tenant) => self.leaks += u64::from(!tenant.is_empty()),
            Err(error) => self.fail(&error),
        }
    }

    pub(crate) fn fail(&mut self, error: &Error) {
        self.errors += 1;
        self.first_error.get_or_insert_with(|| format!("{error:?}"));
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            dropped: self.dropped + other.dropped,
            deepest: self.deepest.max(other.deepest),
            finished: self.finished + other.finished,
            leaks: self.leaks + other.leaks,
            errors: self.errors + other.errors,
            first_error: self.first_error.or(other.first_error),
        }
    }
}

/// Numbers that look random and are the same in each run.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % end
    }

    /// No time at all, or up to two milliseconds.
    pub(crate) fn linger(&mut self) -> Duration {
        match self.below(3) {
            0 => Duration::from_micros(self.below(2_000)),
            _ => Duration::ZERO,
        }
    }
}
