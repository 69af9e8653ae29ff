//! The error of a step that failed.

use std::fmt::Write;

use super::Deployed;
use crate::error::{Error, Kind};
use crate::migrate::step::{Step, StepKind};
use crate::migrate::transaction::{Failure, Work};

/// Where in the file, what the server said, and what stands now.
pub(super) fn explain(failure: Failure, work: Work<'_>, step: &Step<'_>, before: &[Deployed]) -> Error {
    let id = work.migration.id();
    let ids: Vec<&str> = before.iter().map(|one| one.id.as_str()).collect();
    let mut stands = if ids.is_empty() {
        "this deploy applied nothing".to_owned()
    } else {
        format!("applied before it, and kept: {}", ids.join(", "))
    };
    if step.number > 1 {
        let steps = if step.number == 2 { "step 1".to_owned() } else { format!("steps 1 to {}", step.number - 1) };
        // Writing to a String cannot fail.
        let _ = write!(stands, "; of {id} itself {steps} of {} stand", work.steps);
    }
    let busy = failure.is_retryable();
    let what =
        if work.steps > 1 { format!("step {} of migration {id}", step.number) } else { format!("migration {id}") };
    match failure {
        Failure::Session(error) => error,
        Failure::Asserted { message, at } => Error::new(
            Kind::MigrationFailed,
            format!(
                "{what} may not run: {id}/up.sql:{at} asserts that {message}. Nothing of the step was run; {stands}"
            ),
        )
        .help("see to the rows that are in the way, then deploy again"),
        Failure::Refused { refusal, .. } if refusal.error.kind() == Kind::ConnectionLost => {
            Error::new(Kind::ConnectionLost, format!("the connection broke while {what} ran; {stands}"))
                .help("deploy again: it goes on where the server has come to")
                .caused_by(refusal.error)
        }
        Failure::Refused { refusal, at } => {
            let place = at.map(|at| format!(" at {id}/up.sql:{at}")).unwrap_or_default();
            let message = format!("{what} failed{place}: {}", refusal.error.message());
            let advice = if busy {
                "other sessions keep its tables busy: end long transactions, or deploy at a quieter time"
            } else {
                "correct the file and deploy again"
            };
            let rolled_back = match step.kind {
                StepKind::Transaction => "It was rolled back",
                StepKind::Autocommit => "It runs outside of a transaction; the next deploy sees to what it left",
                StepKind::Backfill(_) => "The batches before stay, and the next deploy goes on behind them",
            };
            Error::new(Kind::MigrationFailed, format!("{message}. {rolled_back}; {stands}"))
                .help(advice)
                .reported(refusal.into_report())
        }
    }
}
