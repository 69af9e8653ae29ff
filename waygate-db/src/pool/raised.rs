//! The words of triggers and functions that refuse a statement: a user's own, and they may quote a row.
//!
//! The server's own messages name constraints and objects; `RAISE EXCEPTION 'bad row %', NEW` prints the row.

use tokio_postgres::error::DbError;

use crate::sql::Candour;

/// What is said in place of such words.
pub(super) const WITHHELD: &str = "a trigger or function refused the statement, in words that may hold a row's values";
/// Where such words are.
pub(super) const HELP: &str =
    "its words are in the server's log; they are not shown, because they may be about a row with sealed columns";

/// Whether an error may show the server's message.
pub(super) fn may_show(report: &DbError, candour: Candour) -> bool {
    match candour {
        Candour::Open => true,
        Candour::Own => !is_foreign(report) || is_own_trigger(report),
        Candour::Closed => !is_foreign(report),
    }
}

/// Whether the message may be somebody else's than the server's or the library's.
fn is_foreign(report: &DbError) -> bool {
    is_written(report) && !is_of_library(report)
}

/// Whether code in the database wrote the message, or what the message quotes.
fn is_written(report: &DbError) -> bool {
    let code = report.code().code();
    // PL/pgSQL's own class, and those of other languages. With RAISE a trigger may take any other code, too.
    let is_of_language = ["P0", "38", "39"].iter().any(|class| code.starts_with(class));
    let is_raised = report.routine().is_some_and(|routine| ["exec_stmt_raise", "exec_stmt_assert"].contains(&routine));
    // "syntax error at or near …" quotes a statement that a trigger put together.
    is_of_language || is_raised || (code.starts_with("42") && report.where_().is_some())
}

/// Whether a function of the library's schema wrote it, such as the one that verifies a tenant's seal: fixed words.
fn is_of_library(report: &DbError) -> bool {
    report.where_().and_then(|frames| frames.lines().next()).is_some_and(|frame| frame.contains(" waygate."))
}

/// Whether the statement's own trigger wrote it. One of a row that goes along has the cascade's statement as a second
/// line in its call stack.
fn is_own_trigger(report: &DbError) -> bool {
    report.where_().is_some_and(|frames| frames.lines().count() == 1)
}
