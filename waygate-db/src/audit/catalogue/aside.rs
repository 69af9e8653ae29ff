//! Work that leaves nothing behind.

use crate::error::Result;
use crate::session::Maintenance;

/// A transaction, or a part of the caller's, that is rolled back whatever happens in it.
///
/// A session that is dropped in the middle takes the whole transaction with it.
pub(super) struct Aside<'a> {
    session: &'a Maintenance,
    undo: &'static str,
}

/// An audit gives way rather than keep a table's users waiting.
pub(super) const LIMITS: &str =
    "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '60s'; SET LOCAL row_security = on";

impl<'a> Aside<'a> {
    /// Begins; one state of the data is read throughout.
    pub(super) async fn begin(session: &'a Maintenance) -> Result<Self> {
        let undo = match session.run("SAVEPOINT waygate_audit").await {
            Ok(()) => "ROLLBACK TO SAVEPOINT waygate_audit; RELEASE SAVEPOINT waygate_audit",
            // No transaction is open.
            Err(refusal) if refusal.code() == "25P01" => {
                session.run("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
                "ROLLBACK"
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let aside = Self { session, undo };
        match session.run(LIMITS).await {
            Ok(()) => Ok(aside),
            Err(refusal) => aside.undo(Err(refusal.into())).await,
        }
    }

    /// Rolls back, and passes the result on.
    pub(super) async fn undo<T>(self, result: Result<T>) -> Result<T> {
        let undone = self.session.run(self.undo).await;
        let value = result?;
        undone?;
        Ok(value)
    }
}
