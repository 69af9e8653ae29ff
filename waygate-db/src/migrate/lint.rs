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
mod rules;
mod seen;
mod text;
mod world;

use super::file::Migration;
use super::shadow::Shadow;
use crate::error::Result;

pub use exceptions::Exceptions;
pub use finding::{Finding, Rule, Severity};
pub use locks::TableLock;
pub use rules::RULES;

/// Replays the migrations before into an empty database, then observes each of these files there, in order.
///
/// A file that the server refuses is a finding too, and the last: nothing behind it can be observed.
///
/// # Errors
///
/// As [`deploy`](super::deploy) for those before; [`is_connection_lost`](crate::Error::is_connection_lost).
pub async fn lint(
    shadow: &mut Shadow,
    before: &[Migration],
    files: &[Migration],
    exceptions: &Exceptions,
) -> Result<Vec<Finding>> {
    shadow.replay(before).await?;
    let mut findings = Vec::new();
    for file in files {
        let (mut found, is_whole) = observe::file(shadow.session(), file, exceptions).await?;
        // Advice on an early line does not stand before an error on the same one.
        found.sort_by(|one, other| (one.line, other.severity).cmp(&(other.line, one.severity)));
        findings.extend(found);
        if !is_whole {
            break;
        }
    }
    Ok(findings)
}
