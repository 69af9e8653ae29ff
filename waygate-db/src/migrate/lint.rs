//! What a migration does to tables in use, seen before they are.
//!
//! Each statement runs in a [throw-away database](super::Shadow) that holds the history before it. What the lint reports
//! it has observed there: which tables a statement locks and how strongly (`locks`), which it writes anew, scans or
//! builds indexes of (`world`, before and after, and the server's own messages), what vanishes. Tables without a row show
//! all of that. Only what a table's size or the statement's intention decides is judged from the words (`rules::words`).
//!
//! A table that a file creates itself may be locked freely: nobody uses it yet. `-- waygate:lint-ignore rule: reason`
//! above a statement silences one rule there; for files that have landed, and are never edited, the same stands in the
//! folder's file `lint-ignores` ([`Exceptions`]).

mod exceptions;
mod finding;
mod ignores;
mod locks;
mod observe;
mod observed;
mod rules;
mod seen;
mod text;
mod world;

use serde::Serialize;

use super::deploy::{DeployOptions, deploy};
use super::file::Migration;
use crate::error::Result;
use crate::session::Maintenance;

pub use exceptions::Exceptions;
pub use finding::{Finding, Rule, Severity};
pub use locks::TableLock;
pub use observed::Observed;
pub use rules::RULES;

/// What the lint saw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Linted {
    /// What breaks a rule, in the order of the files and their lines.
    pub findings: Vec<Finding>,
    /// What each statement did to the tables that were there before its file.
    pub observed: Vec<Observed>,
}

/// Replays the migrations before into an empty database, then observes each of these files there, in order.
///
/// A file that the server refuses is a finding too, and the last: nothing behind it can be observed.
///
/// # Errors
///
/// As [`deploy`] for those before; [`is_connection_lost`](crate::Error::is_connection_lost).
pub async fn lint(
    conn: &mut Maintenance,
    before: &[Migration],
    files: &[Migration],
    exceptions: &Exceptions,
) -> Result<Linted> {
    deploy(conn, before, DeployOptions::default(), &mut |_| {}).await?;
    let mut linted = Linted::default();
    for file in files {
        let mut seen = observe::file(conn, file, exceptions).await?;
        // The worst of a line comes first.
        seen.findings.sort_by(|one, other| (one.line, other.severity).cmp(&(other.line, one.severity)));
        linted.findings.extend(seen.findings);
        linted.observed.extend(seen.observed);
        if !seen.is_whole {
            break;
        }
    }
    Ok(linted)
}
