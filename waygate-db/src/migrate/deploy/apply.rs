//! One migration: what is left of its steps, each with new tries where another session was in the way.

use std::time::Duration;

use super::failed::explain;
use super::{DeployOptions, Deployed, Progress, Watch};
use crate::backoff::Backoff;
use crate::error::Result;
use crate::migrate::alone::{self, Past};
use crate::migrate::backfill;
use crate::migrate::file::Migration;
use crate::migrate::ledger::{self, StepState, milliseconds};
use crate::migrate::step::{Step, StepKind};
use crate::migrate::transaction::{self, Failure, Work};
use crate::migrate::watch::watched;
use crate::session::Maintenance;

/// Applies what is left of one migration.
pub(super) async fn apply(
    conn: &Maintenance,
    migration: &Migration,
    is_last: bool,
    states: &[&StepState],
    options: DeployOptions,
    before: &[Deployed],
    progress: &mut Watch<'_>,
) -> Result<Deployed> {
    let id = migration.id();
    progress(Progress::Started { id });
    let up = migration.up();
    let (steps, _) = migration.parse(&up)?;
    let count = i32::try_from(steps.len()).unwrap_or(i32::MAX);
    let mut work = Work { migration, steps: count, is_last, before: Duration::ZERO };
    let mut resumed_after = 0;
    for step in &steps {
        let state = states.iter().copied().find(|state| state.step == step.number);
        if state.is_some_and(|state| state.state == "done") {
            resumed_after = step.number;
            continue;
        }
        if count > 1 {
            progress(Progress::Step { id, step: step.number, steps: count, kind: step.kind.as_str() });
        }
        let took = step_with_retries(conn, work, step, state, options, progress).await;
        let took = match took {
            Ok(took) => took,
            Err(failure) => {
                note_failure(conn, work, step, &failure).await;
                return Err(explain(failure, work, step, before));
            }
        };
        work.before = work.before.saturating_add(took);
    }
    progress(Progress::Applied { id, took: work.before });
    Ok(Deployed { id: id.to_owned(), duration_ms: milliseconds(work.before), steps: count, resumed_after })
}

/// Applies one step, with new tries where another session was in the way.
async fn step_with_retries(
    conn: &Maintenance,
    work: Work<'_>,
    step: &Step<'_>,
    state: Option<&StepState>,
    options: DeployOptions,
    progress: &mut Watch<'_>,
) -> Result<Duration, Failure> {
    let id = work.migration.id();
    let lock_timeout = step.lock_timeout.unwrap_or(options.lock_timeout);
    let mut backoff = Backoff::new(options.first_backoff, options.longest_backoff);
    let mut retry = 0;
    // A note of before says how far it came only if it was about this very step.
    let mut state = state.filter(|state| state.checksum == step.checksum()).cloned();
    loop {
        let outcome = match &step.kind {
            StepKind::Transaction => {
                let attempt = transaction::attempt(conn, work, step, lock_timeout);
                watched(conn, id, attempt, progress).await
            }
            StepKind::Autocommit => {
                alone::attempt(conn, work, step, Past::of(state.as_ref()), lock_timeout, progress).await
            }
            StepKind::Backfill(_) => backfill::attempt(conn, work, step, state.as_ref(), lock_timeout, progress).await,
        };
        match outcome {
            Err(failure) if failure.is_retryable() && retry < options.retries => {
                retry += 1;
                let wait = backoff.step();
                progress(Progress::Retrying { id, retry, wait });
                tokio::time::sleep(wait).await;
                if step.kind != StepKind::Transaction {
                    note_failure(conn, work, step, &failure).await;
                    let states = ledger::steps(conn).await?;
                    state = states.into_iter().find(|state| state.id == id && state.step == step.number);
                }
            }
            outcome => return outcome,
        }
    }
}

/// Notes why a step failed, unless nothing at all of its migration is there. If that fails too, the first error is the one
/// to tell.
async fn note_failure(conn: &Maintenance, work: Work<'_>, step: &Step<'_>, failure: &Failure) {
    let (code, message) = match failure {
        Failure::Refused { refusal, .. } => (refusal.error.code(), refusal.error.message()),
        Failure::Asserted { message, .. } => (None, message.as_str()),
        // The step is as it was before.
        Failure::Session(_) => return,
    };
    let leaves_nothing = step.number == 1 && step.kind == StepKind::Transaction;
    let note = async || -> Result<()> {
        conn.renew().await?;
        if !leaves_nothing && ledger::is_current(conn).await? {
            ledger::fail_step(conn, work.migration.id(), step, code, message).await?;
        }
        Ok(())
    };
    note().await.ok();
}
