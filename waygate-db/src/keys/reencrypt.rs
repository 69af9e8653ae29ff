//! The job that seals cells anew under the active keys, so that old keys can go.
//!
//! It loses no update and needs no quiet time:
//!
//! - cells are read without a lock, in the order of their rows' keys, and opened and sealed here;
//! - one statement puts a batch of them back, each row only if its cells are still the ones that were read; a row that
//!   somebody else has written meanwhile is *raced* and visited again (`batch`);
//! - how far a part has come is committed in the same transaction, so a run that was killed goes on from there (`parts`);
//! - the keys that seal are locked against rotation and shredding until that transaction ends;
//! - passes go over a table until one finds nothing more to do.
//!
//! A cell that does not open is written down in `waygate.quarantine` and left as it is. A key that is missing or does not
//! unwrap stops the job: what it sealed may be fine.

pub(super) mod batch;
mod keyset;
mod pace;
mod parts;
mod report;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use super::columns::{SealedTable, counts, sealed_tables};
use super::stored;
use crate::error::{Error, Kind, Result};
use crate::schema::{Schema, Scope};
use crate::session::{Executor, ServiceScope};
use crate::sql::{Statement, cells};
use crate::value::{Param, TenantId};

use pace::Pace;
use parts::{Job, Part};
use worker::Work;

pub use report::{Event, Reencrypted, TableReencrypted};

/// How long to wait for parts that another process is at, and for processes that seal under the key before.
const PATIENCE: Duration = Duration::from_millis(500);

/// Claims last as long as their transaction, which is idle while workers work.
const MAY_IDLE: &str = "SELECT set_config('idle_in_transaction_session_timeout', '0', true)";

/// What is sealed anew, and how fast.
#[derive(Debug, Clone)]
pub struct Reencrypt {
    /// Only this table.
    pub table: Option<String>,
    /// Only this tenant's rows.
    pub tenant: Option<TenantId>,
    /// How many parts are worked on at once.
    pub workers: usize,
    /// How many rows are read and written at once.
    pub batch: usize,
    /// How many rows a second at most, by all workers together.
    pub rows_per_second: Option<u32>,
}

/// Every table and tenant: one worker, 500 rows at once, as fast as it goes.
impl Default for Reencrypt {
    fn default() -> Self {
        Self { table: None, tenant: None, workers: 1, batch: 500, rows_per_second: None }
    }
}

/// Asks a running job to end after the batches under way.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Who is told how a job goes on.
pub type Watch = Arc<dyn Fn(Event) + Send + Sync>;

/// Seals every cell anew that is under another key than the active one of its scope.
///
/// A run that ended early, for whichever reason, is continued by the next with the same table and tenant. Several may run
/// at once, and share the parts of a table.
///
/// # Errors
///
/// [`is_key`](Error::is_key) naming the key and table.column when a data key is missing or does not unwrap, or a scope
/// has no active key; what was done until then stays done.
pub async fn reencrypt(
    service: &ServiceScope,
    schema: &Schema,
    what: &Reencrypt,
    stop: &Stop,
    watch: &Watch,
) -> Result<Reencrypted> {
    let mut tables = sealed_tables(schema, what.table.as_deref())?;
    if what.tenant.is_some() {
        tables.retain(|sealed| sealed.table.scope != Scope::Shared);
    }
    let mut report = Reencrypted::default();
    for sealed in tables {
        if sealed.table.append_only {
            report.left_out.push(sealed.table.name.to_owned());
            continue;
        }
        let done = reencrypt_table(service, sealed, what, stop, watch).await?;
        report.tables.push(done);
        if stop.is_asked() {
            report.stopped = true;
            break;
        }
    }
    Ok(report)
}

async fn reencrypt_table(
    service: &ServiceScope,
    sealed: SealedTable,
    what: &Reencrypt,
    stop: &Stop,
    watch: &Watch,
) -> Result<TableReencrypted> {
    let sealed = Arc::new(sealed);
    let job = Job { sealed: Arc::clone(&sealed), tenant: what.tenant };
    let mut done = TableReencrypted::of(sealed.table.name);
    loop {
        let (parts, is_new) = job.plan(service, what).await?;
        if parts.is_empty() {
            break;
        }
        if done.passes > 0 {
            tokio::time::sleep(PATIENCE).await;
        }
        done.passes += 1;
        watch(Event::pass(&job, &parts, done.passes));
        let before = done.moved();
        run_parts(service, &job, what, stop, watch, &mut done).await?;
        // What a run before this one has passed may be under an old key again: only a whole pass proves anything.
        if stop.is_asked() || (is_new && done.moved() == before) {
            break;
        }
    }
    for column in &sealed.columns {
        service.run(cells::release(sealed.table, *column)?).await?;
    }
    count_what_stays(service, &sealed, what.tenant, &mut done).await?;
    Ok(done)
}

/// Works on the table's parts until all are done, by whomever. The claims last as long as one transaction, which the
/// server ends when this process dies.
async fn run_parts(
    service: &ServiceScope,
    job: &Job,
    what: &Reencrypt,
    stop: &Stop,
    watch: &Watch,
    done: &mut TableReencrypted,
) -> Result<()> {
    let pace = Arc::new(Pace::new(what.rows_per_second));
    let batch = what.rows_per_second.map_or(what.batch, |limit| what.batch.min(limit as usize)).max(1);
    service
        .transaction(async |claims| {
            claims.run(Statement::write(MAY_IDLE, Vec::new())).await?;
            let mut workers: JoinSet<Result<worker::Done>> = JoinSet::new();
            let mut claimed = Vec::new();
            loop {
                while !stop.is_asked() && workers.len() < what.workers.max(1) {
                    let Some(part) = job.claim(service, claims, &claimed).await? else { break };
                    claimed.push(part.id);
                    workers.spawn(work(service, job, part, batch, stop, watch, &pace).run());
                }
                match workers.join_next().await {
                    Some(ended) => done.add(ended.map_err(died)??),
                    None if stop.is_asked() || job.unfinished(service).await?.is_empty() => return Ok(()),
                    // The rest is another process's; if it dies, its parts can be claimed.
                    None => tokio::time::sleep(PATIENCE).await,
                }
            }
        })
        .await
}

fn work(
    service: &ServiceScope,
    job: &Job,
    part: Part,
    batch: usize,
    stop: &Stop,
    watch: &Watch,
    pace: &Arc<Pace>,
) -> Work {
    Work {
        service: service.clone(),
        sealed: Arc::clone(&job.sealed),
        tenant: job.tenant.map(|tenant| tenant.as_uuid()),
        part,
        batch,
        stop: stop.clone(),
        watch: Arc::clone(watch),
        pace: Arc::clone(pace),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed over by map_err")]
fn died(error: tokio::task::JoinError) -> Error {
    Error::new(Kind::Io, "a worker ended without a result").caused_by(error.to_string())
}

/// What is still under a key that is not active: nothing but quarantined cells, and those of destroyed keys.
async fn count_what_stays(
    service: &ServiceScope,
    sealed: &SealedTable,
    tenant: Option<TenantId>,
    done: &mut TableReencrypted,
) -> Result<()> {
    let keys = stored::all(service).await?;
    let scope = tenant.map(|tenant| tenant.to_string());
    for count in counts(service, std::slice::from_ref(sealed)).await? {
        let key = keys.iter().find(|key| key.id.to_string() == count.key);
        let in_scope = scope.as_ref().is_none_or(|scope| key.is_some_and(|key| key.scope().to_string() == *scope));
        match key {
            _ if !in_scope => {}
            Some(key) if key.is_active() => {}
            Some(key) if key.is_destroyed() => done.destroyed += count.cells,
            _ => done.left.push(count),
        }
    }
    let held = Statement::read(
        "SELECT count(*) FROM waygate.quarantine WHERE table_name = $1",
        vec![Param::of(&sealed.table.name.to_owned())?],
    );
    done.quarantined = service.run(held).await?.one()?.value(0)?;
    Ok(())
}
