//! From a reply to structs: the keys of sealed columns are fetched once, then every row is decoded.

use crate::error::{Error, Kind, Result};
use crate::model::{Model, ReadBy};
use crate::row::{Row, key_param};
use crate::schema::{Opened, Scope, Table};
use crate::session::{CarriedBy, Executor, RawRow, Reply};
use crate::sql;

/// The row with this key, if the session may see it.
pub(crate) async fn find<M, S>(key: M::Key, session: &S) -> Result<Option<M>>
where
    M: Model,
    S: Executor,
    ReadBy<M>: CarriedBy<S>,
{
    let statement = sql::by_key(M::TABLE, session.confined_to(), key_param(&key));
    let reply = session.run(statement).await?;
    Ok(decode::<M, S>(session, &reply).await?.pop())
}

/// Decodes all rows of a reply.
pub(super) async fn decode<M: Model, S: Executor>(session: &S, reply: &Reply) -> Result<Vec<M>> {
    let loaded = if M::TABLE.has_encrypted() {
        Some(session.vault().load(session, M::TABLE, &sealed_cells(M::TABLE, reply)).await?)
    } else {
        None
    };
    let keyring = loaded.as_ref().unwrap_or(session.vault().keyring());
    reply.rows().map(|cells| M::decode(&Row::new(&cells, M::TABLE, keyring))).collect()
}

/// Decodes the row of a statement that answers with one.
pub(super) async fn decode_one<M: Model, S: Executor>(session: &S, reply: &Reply) -> Result<Option<M>> {
    Ok(decode::<M, S>(session, reply).await?.pop())
}

/// The sealed cells of a reply that are opened with their rows, each with its column, for their key ids.
fn sealed_cells<'a>(table: &'static Table, reply: &'a Reply) -> Vec<(usize, &'a [u8])> {
    let is_opened = |index: &usize| {
        table.column_at(*index).encryption.is_some_and(|encryption| encryption.opened == Opened::WithRow)
    };
    let sealed: Vec<usize> = (0..table.columns.len()).filter(is_opened).collect();
    cells_of(reply, &sealed)
}

/// The cells of these columns that are not NULL, each with its column.
pub(super) fn cells_of<'a>(reply: &'a Reply, columns: &[usize]) -> Vec<(usize, &'a [u8])> {
    let cells = |row: RawRow<'a>| {
        let cell = move |index: &usize| Some((*index, row.bytes(*index)?));
        columns.iter().filter_map(cell).collect::<Vec<_>>()
    };
    reply.rows().flat_map(cells).collect()
}

/// No row has this key for this session.
pub(super) fn not_found<M: Model>() -> Error {
    let table = M::TABLE;
    Error::new(Kind::NotFound, format!("{}: no row with this {} in this scope", table.name, table.key_column().name))
        .help("check the key, and that the session's tenant owns the row")
}

/// A NULL where the parent of a row stands, through which the row belongs to a tenant: the parent was not the tenant's.
pub(super) fn parent_not_found(table: &Table, error: Error) -> Error {
    match table.scope {
        Scope::Through { column, .. }
            if error.is_not_null_violation() && error.column() == Some(table.column_at(column).name) =>
        {
            let column = table.column_at(column).name;
            Error::new(Kind::NotFound, format!("{}.{column}: no parent with this key in this scope", table.name))
                .help("check the key, and that the session's tenant owns the parent")
        }
        _ => error,
    }
}
