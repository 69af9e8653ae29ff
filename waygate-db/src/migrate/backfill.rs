//! A step in batches: the rows of a table in the order of a key, each batch in a transaction with a note of how far it came.

use std::time::{Duration, Instant};

use postgres_types::Type;
use serde::{Deserialize, Serialize};

use super::alone::{end, in_transaction};
use super::deploy::{Progress, Watch};
use super::ledger::{self, StepState};
use super::step::{BATCH, Backfill, Step, StepKind};
use super::transaction::{Failure, Work, check, require_lock};
use super::watch::watched;
use crate::session::Maintenance;
use crate::sql::identifier::literal;

/// How far a backfill has come.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    /// The last key that is done.
    after: Option<String>,
    /// How many rows the batches held.
    seen: i64,
    /// How many rows were changed.
    changed: u64,
}

/// The key's type, whether it is never NULL, about how many rows there are, and whether this role sees them.
const KEY: &str = "SELECT format_type(atttypid, atttypmod), attnotnull, greatest(reltuples, 0)::bigint,
        NOT row_security_active(c.oid) OR EXISTS (
            SELECT FROM pg_policy WHERE polrelid = c.oid AND polpermissive
            AND polroles && ARRAY[0, current_user::regrole::oid])
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE attrelid = to_regclass($1) AND attname = (parse_ident($2))[1] AND attnum > 0 AND NOT attisdropped";

/// Goes on where the last attempt stopped, to the end.
pub(super) async fn attempt(
    conn: &Maintenance,
    work: Work<'_>,
    step: &Step<'_>,
    state: Option<&StepState>,
    lock_timeout: Duration,
    progress: &mut Watch<'_>,
) -> Result<Duration, Failure> {
    let StepKind::Backfill(over) = &step.kind else { return Ok(Duration::ZERO) };
    let Some(statement) = step.statements.first() else { return Ok(Duration::ZERO) };
    conn.renew().await?;
    let started = Instant::now();
    let mut at: Checkpoint =
        state.and_then(|state| serde_json::from_str(state.progress.as_deref()?).ok()).unwrap_or_default();
    in_transaction(conn, async || {
        ledger::ensure(conn).await?;
        // What holds before the first batch need not hold between two.
        if at.after.is_none() {
            check(conn, step).await?;
        }
        ledger::start_step(conn, work.migration.id(), step).await.map_err(Failure::refused)
    })
    .await?;
    let (ty, total) = key_type(conn, over, step).await?;
    while let Some((high, rows)) = next(conn, over, &ty, at.after.as_deref()).await? {
        let range = range(over, &ty, at.after.as_deref(), &high);
        let sql = statement.text.replace(BATCH, &range);
        let mut changed = 0;
        let id = work.migration.id();
        let batch = in_transaction(conn, async || {
            conn.run(&format!("SET LOCAL lock_timeout = {}", lock_timeout.as_millis()))
                .await
                .map_err(Failure::refused)?;
            require_lock(conn, work.migration).await?;
            changed = conn.execute(&sql, &[]).await.map_err(|refusal| Failure::Refused {
                refusal: Box::new(refusal),
                at: Some(step.position(statement.offset)),
            })?;
            let done = Checkpoint {
                after: Some(high.clone()),
                seen: at.seen.saturating_add(rows),
                changed: at.changed.saturating_add(changed),
            };
            let note = serde_json::to_string(&done).unwrap_or_default();
            ledger::checkpoint(conn, id, step.number, &note).await.map_err(Failure::refused)
        });
        watched(conn, id, batch, progress).await?;
        at = Checkpoint {
            after: Some(high),
            seen: at.seen.saturating_add(rows),
            changed: at.changed.saturating_add(changed),
        };
        progress(Progress::Backfilling { id, seen: at.seen, changed: at.changed, total });
        // Rows that come meanwhile could keep it going for ever; who adds rows now knows how they have to be.
        if rows < over.batch {
            break;
        }
    }
    let took = started.elapsed();
    end(conn, work, step, took).await?;
    Ok(took)
}

/// The key's type, and about how many rows there are.
async fn key_type(conn: &Maintenance, over: &Backfill, step: &Step<'_>) -> Result<(String, i64), Failure> {
    let Backfill { table, key, .. } = over;
    let asserted = |message: String| {
        let at = step.position(step.statements.first().map_or(0, |statement| statement.offset));
        Err(Failure::Asserted { message, at })
    };
    let rows = conn.rows(KEY, &[(table, Type::TEXT), (key, Type::TEXT)]).await.map_err(Failure::refused)?;
    let Some(row) = rows.first() else {
        return asserted(format!("{table} has a column {key} to go by"));
    };
    if !row.read::<bool>(1)? {
        // No batch would hold the rows without a key, and nobody would be told.
        return asserted(format!("{table}.{key} is NOT NULL"));
    }
    if !row.read::<bool>(3)? {
        // Row security would hide every row, and the step would do nothing.
        return asserted(format!("{table} has a policy by which waygate_owner sees its rows"));
    }
    Ok((row.read(0)?, row.read(2)?))
}

/// The last key of the next batch, and how many rows it holds.
async fn next(
    conn: &Maintenance,
    over: &Backfill,
    ty: &str,
    after: Option<&str>,
) -> Result<Option<(String, i64)>, Failure> {
    let Backfill { table, key, batch } = over;
    let from = after.map(|after| format!(" WHERE {key} > {}::{ty}", literal(after))).unwrap_or_default();
    let sql = format!(
        "SELECT (array_agg(k::text ORDER BY k DESC))[1], count(*)
         FROM (SELECT {key} AS k FROM {table}{from} ORDER BY {key} LIMIT {batch}) batch HAVING count(*) > 0"
    );
    let rows = conn.rows(&sql, &[]).await.map_err(Failure::refused)?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some((row.read(0)?, row.read(1)?)))
}

/// The condition of the rows of a batch.
fn range(over: &Backfill, ty: &str, after: Option<&str>, high: &str) -> String {
    let key = &over.key;
    let low = after.map(|after| format!("{key} > {}::{ty} AND ", literal(after))).unwrap_or_default();
    format!("({low}{key} <= {}::{ty})", literal(high))
}
