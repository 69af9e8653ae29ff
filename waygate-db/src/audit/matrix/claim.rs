//! An audit's claim to a word of its own, by which its scratch rows and schemas are known.
//!
//! While an audit runs it holds an advisory lock of its word; rows whose word nobody has locked are leftovers.

use super::context::become_service;
use crate::audit::logins::{self, Logins};
use crate::error::{Error, Kind, Result};
use crate::schema::Dialect;
use crate::session::Direct;

/// The class of the advisory locks: `wayg` in ASCII, and one.
const LOCKS: i32 = 2_002_876_776;

/// An audit's claim to its word, announced in `waygate.service_log`.
pub(in crate::audit) struct Claim {
    /// Holds the advisory lock.
    pub(super) service: Direct,
    pub(super) word: u32,
}

impl Claim {
    /// Takes a word that nobody has, and commits the announcement.
    pub(in crate::audit) async fn take(logins: &Logins, dialect: &Dialect) -> Result<Self> {
        let service = logins::connect(&logins.service).await?;
        service.run(become_service(dialect)).await?;
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

/// Takes the lock of a word if nobody has it.
async fn try_lock(service: &Direct, word: u32) -> Result<bool> {
    let rows = service.rows(&format!("SELECT pg_try_advisory_lock({LOCKS}, {})", word.cast_signed())).await?;
    Ok(rows.first().and_then(|row| row.first()).is_some_and(|taken| taken.as_deref() == Some("t")))
}

fn random_word() -> Result<u32> {
    getrandom::u32().map_err(|_| Error::new(Kind::Io, "the system gave no random number"))
}
