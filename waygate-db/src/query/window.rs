//! Which of the rows that match are asked for.

use crate::error::Result;
use crate::model::Model;
use crate::session::{Executor, Reply};
use crate::sql::{self, Order, Select};
use crate::value::Param;

use super::blind::Filter;

/// An order, a place to start after and a number of rows.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub(super) order: Vec<Order>,
    pub(super) limit: Option<u32>,
    pub(super) after: Option<Vec<Param>>,
}

/// The rows of the window.
///
/// Of rows that a blind index finds some may be others, so the limit counts those that passed: while they are too few and
/// the database has more, twice as many are asked for, each time from the start, in one statement that sees one state.
pub(super) async fn found<M: Model, S: Executor>(session: &S, filter: &Filter, window: &Window) -> Result<Reply> {
    let mut asked = window.limit.map(i64::from);
    loop {
        let Window { order, limit, after } = window;
        let select = Select { filter: filter.node.clone(), order: order.clone(), limit: asked, after: after.clone() };
        let mut reply = session.run(sql::rows(M::TABLE, session.confined_to(), select)).await?;
        if !filter.is_blind() {
            return Ok(reply);
        }
        let read = reply.rows().len();
        filter.keep(session, M::TABLE, &mut reply).await?;
        let wanted = limit.map_or(usize::MAX, |limit| limit as usize);
        let is_all = asked.is_none_or(|asked| (read as u64) < asked.unsigned_abs());
        if is_all || reply.rows().len() >= wanted {
            reply.truncate(wanted);
            return Ok(reply);
        }
        asked = asked.map(|asked| asked.saturating_mul(2));
    }
}
