//! Keyset pages: `WHERE (order columns) > (the last row's)`, never OFFSET.

use crate::error::{Error, Kind, Result};
use crate::model::Model;
use crate::row::Cells;
use crate::session::{Executor, Reply};
use crate::sql::Order;

use super::Cursor;
use super::read::decode;

/// A page of rows.
#[derive(Debug, Clone)]
pub struct Page<M> {
    /// The rows, at most as many as were asked for.
    pub items: Vec<M>,
    /// Where the next page starts; `None` on the last page.
    pub next: Option<Cursor>,
}

/// Refuses what cannot be paged.
pub(super) fn check<M: Model>(order: &[Order], limit: Option<u32>, size: u32) -> Result<()> {
    let table = M::TABLE;
    if size == 0 || limit.is_some() {
        return Err(Error::new(
            Kind::InvalidQuery,
            format!("{}: a page takes its size, above zero, and no `limit`", table.name),
        )
        .help("leave `limit` out and give `page` a size of at least 1"));
    }
    match order.iter().map(|order| table.column_at(order.column)).find(|column| column.nullable) {
        Some(column) => Err(Error::new(
            Kind::InvalidQuery,
            format!("{}.{}: pages cannot be ordered by a nullable column", table.name, column.name),
        )
        .help("order by columns that are NOT NULL")),
        None => Ok(()),
    }
}

/// Makes the order total by the key, in the direction of the column before it.
pub(super) fn complete<M: Model>(order: &mut Vec<Order>) {
    let key = M::TABLE.key;
    if order.iter().any(|order| order.column == key) {
        return;
    }
    let descending = order.last().is_some_and(|order| order.descending);
    order.push(Order { column: key, descending });
}

/// Keeps `size` rows; the cursor points after the last of them when there was one more.
pub(super) async fn cut<M: Model, S: Executor>(
    session: &S,
    reply: &Reply,
    order: &[Order],
    size: usize,
) -> Result<Page<M>> {
    let has_more = reply.rows().len() > size;
    let next = match reply.rows().nth(size.saturating_sub(1)) {
        Some(last) if has_more => {
            let values = order.iter().map(|order| last.cell(order.column).and_then(|(_, bytes)| bytes));
            Some(Cursor::new(M::TABLE, order, values))
        }
        _ => None,
    };
    let mut items = decode::<M, S>(session, reply).await?;
    items.truncate(size);
    Ok(Page { items, next })
}

/// Values of a malformed or foreign form can only have come from the cursor: filters are encoded by the library.
pub(super) fn blame_cursor(error: Error) -> Error {
    let malformed =
        error.code().is_some_and(|code| code.starts_with("22") || ["08P01", "42804", "54000", "XX000"].contains(&code));
    if malformed { super::cursor::invalid() } else { error }
}
