//! One part of a table, batch after batch.

use std::sync::Arc;

use uuid::Uuid;

use super::batch::{Batch, Outcome};
use super::keyset::Keyset;
use super::pace::Pace;
use super::parts::Part;
use super::{Event, Stop, Watch};
use crate::error::{Error, Result};
use crate::keys::columns::SealedTable;
use crate::session::{Executor, ServiceScope, Transaction};
use crate::sql::Statement;
use crate::sql::cells::{Range, Wanted, cells, swap};
use crate::value::Param;

/// The values are the same, so the rows keep the time of their last update.
const MAINTENANCE: &str = "SELECT set_config('waygate.maintenance', 'on', true)";

const QUARANTINE: &str = "INSERT INTO waygate.quarantine (table_name, column_name, row_key, key_id, reason)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (table_name, column_name, row_key)
    DO UPDATE SET key_id = EXCLUDED.key_id, reason = EXCLUDED.reason, found_at = now()";

const ADVANCE: &str = "UPDATE waygate.key_jobs SET last_key = $2, done = done + $3, skipped = skipped + $4,
        raced = raced + $5, quarantined = quarantined + $6, heartbeat_at = now()
    WHERE id = $1";

const FINISH: &str = "UPDATE waygate.key_jobs SET state = 'finished', finished_at = now(), heartbeat_at = now()
    WHERE id = $1";

/// A part and all that working on it takes.
pub(super) struct Work {
    pub(super) service: ServiceScope,
    pub(super) sealed: Arc<SealedTable>,
    pub(super) tenant: Option<Uuid>,
    pub(super) part: Part,
    pub(super) batch: usize,
    pub(super) stop: Stop,
    pub(super) watch: Watch,
    pub(super) pace: Arc<Pace>,
}

/// What became of a part's rows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Done {
    pub(super) written: u64,
    pub(super) raced: u64,
    pub(super) skipped: u64,
}

impl Work {
    /// Goes through the part, or as far as it may.
    pub(super) async fn run(mut self) -> Result<Done> {
        let mut keys = Keyset::default();
        let mut all = Done::default();
        while !self.stop.is_asked() {
            let batch = self.read().await?;
            let Some(last) = batch.last_key() else {
                let finish = Statement::write(FINISH, vec![Param::of(&self.part.id)?]);
                self.service.run(finish).await?;
                break;
            };
            self.pace.take(batch.rows.len()).await;
            keys.prepare(&self.service, &self.sealed, &batch).await?;
            let outcome = batch.reseal(&self.sealed, &keys)?;
            // A key that was rotated or shredded meanwhile seals no more: the same rows again, with what is so now.
            let Some(written) = self.write(&outcome, &keys, last).await? else { continue };
            let raced = outcome.changed() - written;
            (all.written, all.raced) = (all.written + written, all.raced + raced);
            all.skipped += outcome.skipped;
            self.part.after = Some(last);
            (self.watch)(Event::Rows(batch.rows.len() as u64));
        }
        Ok(all)
    }

    async fn read(&self) -> Result<Batch> {
        let SealedTable { table, columns } = &*self.sealed;
        let range = Range { after: self.part.after, up_to: self.part.high, tenant: self.tenant };
        let limit = i64::try_from(self.batch).unwrap_or(i64::MAX);
        let reply = self.service.run(cells(table, columns, Wanted::Stale, range, limit)?).await?;
        Batch::read(&self.sealed, &reply)
    }

    /// Puts the cells back and notes how far the part has come, together; how many rows took them. `None` when a key is
    /// no longer the one to seal with.
    async fn write(&self, outcome: &Outcome, keys: &Keyset, last: Uuid) -> Result<Option<u64>> {
        let (sealed, part) = (&*self.sealed, self.part.id);
        self.service
            .transaction(async |tx| {
                if !keys.hold(tx, &outcome.used).await? {
                    return Ok(None);
                }
                let mut written = 0;
                if outcome.changed() > 0 {
                    tx.run(Statement::write(MAINTENANCE, Vec::new())).await?;
                    written = tx.run(swap(sealed.table, &sealed.columns, &outcome.swap)?).await?.affected();
                }
                quarantine(tx, sealed, outcome).await?;
                let numbers = [written, outcome.skipped, outcome.changed() - written, outcome.bad.len() as u64];
                let mut params = vec![Param::of(&part)?, Param::of(&last)?];
                for number in numbers {
                    params.push(Param::of(&i64::try_from(number).unwrap_or(i64::MAX))?);
                }
                tx.run(Statement::write(ADVANCE, params)).await?;
                Ok::<_, Error>(Some(written))
            })
            .await
    }
}

async fn quarantine(tx: &Transaction<ServiceScope>, sealed: &SealedTable, outcome: &Outcome) -> Result<()> {
    for bad in &outcome.bad {
        let params = vec![
            Param::of(&sealed.table.name.to_owned())?,
            Param::of(&sealed.table.column_at(bad.column).name.to_owned())?,
            Param::of(&bad.row)?,
            Param::of(&bad.key)?,
            Param::of(&bad.reason)?,
        ];
        tx.run(Statement::write(QUARANTINE, params)).await?;
    }
    Ok(())
}
