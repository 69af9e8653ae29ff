//! The parts of a run: planned once, claimed by workers, continued after a run that died.

use std::sync::Arc;

use uuid::Uuid;

use super::Reencrypt;
use crate::error::Result;
use crate::keys::columns::SealedTable;
use crate::session::{Executor, RawRow, ServiceScope};
use crate::sql::Statement;
use crate::sql::cells::{Range, stale_bounds, stale_count};
use crate::value::{Param, TenantId};

const UNFINISHED: &str = "SELECT id, low, high, last_key, expected, done + skipped FROM waygate.key_jobs
    WHERE kind = 'reencrypt' AND table_name = $1 AND scope IS NOT DISTINCT FROM $2 AND state <> 'finished'
    ORDER BY part";

const ADD: &str = "INSERT INTO waygate.key_jobs (run, kind, table_name, scope, part, parts, low, high, expected)
    VALUES ($1, 'reencrypt', $2, $3, $4, $5, $6, $7, $8)";

/// Two processes that plan at the same moment would plan twice.
const ALONE: &str = "SELECT pg_advisory_xact_lock(hashtextextended('waygate keys: plan', 0))";

const CLAIM: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended('waygate keys: part ' || $1::text, 0))";

const START: &str = "UPDATE waygate.key_jobs
    SET state = 'running', started_at = coalesce(started_at, now()), heartbeat_at = now() WHERE id = $1";

/// Jobs that ended are kept for a while, for whoever asks what happened.
const FORGET: &str =
    "DELETE FROM waygate.key_jobs WHERE state = 'finished' AND finished_at < now() - interval '90 days'";

/// The cells of one table that are sealed anew.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) sealed: Arc<SealedTable>,
    pub(super) tenant: Option<TenantId>,
}

/// Rows that one worker goes through.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) id: Uuid,
    /// After which row it starts, or goes on.
    pub(super) after: Option<Uuid>,
    pub(super) high: Option<Uuid>,
    pub(super) expected: i64,
    pub(super) done: i64,
}

impl Part {
    fn read(row: RawRow<'_>) -> Result<Self> {
        let (low, last_key): (Option<Uuid>, Option<Uuid>) = (row.value(1)?, row.value(3)?);
        Ok(Self {
            id: row.value(0)?,
            after: last_key.or(low),
            high: row.value(2)?,
            expected: row.value(4)?,
            done: row.value(5)?,
        })
    }
}

impl Job {
    fn scope(&self) -> Result<Vec<Param>> {
        let scope = self.tenant.map(|tenant| tenant.to_string());
        Ok(vec![Param::of(&self.sealed.table.name.to_owned())?, Param::of(&scope)?])
    }

    /// The parts that are not finished.
    pub(super) async fn unfinished<S: Executor>(&self, session: &S) -> Result<Vec<Part>> {
        session.run(Statement::read(UNFINISHED, self.scope()?)).await?.rows().map(Part::read).collect()
    }

    /// The parts of a run before this one that are not finished; else those of a new one, and that they are; none when
    /// nothing is to do.
    pub(super) async fn plan(&self, service: &ServiceScope, what: &Reencrypt) -> Result<(Vec<Part>, bool)> {
        service
            .transaction(async |tx| {
                tx.run(Statement::write(ALONE, Vec::new())).await?;
                let parts = self.unfinished(tx).await?;
                if !parts.is_empty() {
                    return Ok((parts, false));
                }
                tx.run(Statement::write(FORGET, Vec::new())).await?;
                self.divide(tx, what).await?;
                Ok((self.unfinished(tx).await?, true))
            })
            .await
    }

    /// Writes down parts of about equal numbers of rows: more of them than workers, so that none is idle for long.
    async fn divide<S: Executor>(&self, session: &S, what: &Reencrypt) -> Result<()> {
        let SealedTable { table, columns } = &*self.sealed;
        let range = Range { tenant: self.tenant.map(|tenant| tenant.as_uuid()), ..Range::default() };
        let total: i64 = session.run(stale_count(table, columns, range)?).await?.one()?.value(0)?;
        if total == 0 {
            return Ok(());
        }
        let batch = i64::try_from(what.batch.max(1)).unwrap_or(i64::MAX);
        let wanted = i64::try_from(what.workers.max(1)).unwrap_or(1).saturating_mul(4).min(64);
        let step = ((total - 1) / wanted + 1).max(batch);
        let bounds = session.run(stale_bounds(table, columns, range, step)?).await?;
        let mut highs: Vec<Option<Uuid>> = bounds.rows().map(|row| row.value(0)).collect::<Result<_>>()?;
        // The last part has no end, for rows that come meanwhile.
        if total % step == 0 {
            highs.pop();
        }
        highs.push(None);
        let (run, parts, mut low) = (Uuid::now_v7(), i32::try_from(highs.len()).unwrap_or(i32::MAX), None);
        for (part, high) in (0..).zip(highs) {
            let expected = if high.is_some() { step } else { total - i64::from(part) * step };
            let mut params = vec![Param::of(&run)?];
            params.extend(self.scope()?);
            params.extend([Param::of(&part)?, Param::of(&parts)?, Param::of(&low)?, Param::of(&high)?]);
            params.push(Param::of(&expected)?);
            session.run(Statement::write(ADD, params)).await?;
            low = high;
        }
        Ok(())
    }

    /// A part that nobody is at, claimed until the transaction `claims` ends.
    pub(super) async fn claim<S: Executor>(
        &self,
        service: &ServiceScope,
        claims: &S,
        claimed: &[Uuid],
    ) -> Result<Option<Part>> {
        for part in self.unfinished(service).await? {
            if claimed.contains(&part.id) {
                continue;
            }
            let id = Param::of(&part.id.to_string())?;
            if !claims.run(Statement::write(CLAIM, vec![id])).await?.one()?.value::<bool>(0)? {
                continue;
            }
            // Whoever had it before may have come further since it was read, or finished it.
            let Some(part) = self.unfinished(service).await?.into_iter().find(|one| one.id == part.id) else {
                continue;
            };
            service.run(Statement::write(START, vec![Param::of(&part.id)?])).await?;
            return Ok(Some(part));
        }
        Ok(None)
    }
}
