//! The values of an insert or update, plain and sealed, until they are parameters.

use crate::crypto::{CellContext, Plaintext, Sealable};
use crate::error::{Error, Kind, Result};
use crate::schema::{Scope, Table};
use crate::session::Executor;
use crate::sql::Assignment;
use crate::value::{Key, Param, TenantId, Value};

/// Values by their column's place; a later value for a column replaces an earlier one.
#[derive(Debug, Default)]
pub(super) struct Values {
    items: Vec<(usize, Result<Input>)>,
}

#[derive(Debug)]
enum Input {
    Plain(Param),
    Secret(Option<Plaintext>),
}

impl Values {
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn set<T: Value>(&mut self, table: &Table, column: usize, value: &T) {
        let input = Param::encode(value, &table.column_at(column).ty).map(Input::Plain);
        self.put(column, input);
    }

    pub(super) fn seal<T: Sealable>(&mut self, column: usize, value: &T) {
        self.put(column, value.plaintext().map(Input::Secret));
    }

    fn put(&mut self, column: usize, input: Result<Input>) {
        self.items.retain(|(known, _)| *known != column);
        self.items.push((column, input));
    }

    /// As [`into_assignments`](Self::into_assignments), for a row that is there: a plain column whose values are being
    /// moved is emptied with the write of the sealed one.
    pub(super) async fn into_changes<S: Executor>(
        self,
        session: &S,
        table: &'static Table,
        key: &impl Key,
    ) -> Result<Vec<Assignment>> {
        let mut changes = self.into_assignments(session, table, key).await?;
        let moved_from = |(column, _): &Assignment| table.column_at(*column).encryption?.moved_from;
        let emptied: Vec<usize> = changes.iter().filter_map(moved_from).collect();
        changes.extend(emptied.into_iter().map(|plain| (plain, Param::null(&table.column_at(plain).ty))));
        Ok(changes)
    }

    /// Seals what is to be sealed and encodes the rest. `key` is the row's; sealed values are bound to it.
    pub(super) async fn into_assignments<S: Executor>(
        self,
        session: &S,
        table: &'static Table,
        key: &impl Key,
    ) -> Result<Vec<Assignment>> {
        let mut assignments = Vec::with_capacity(self.items.len());
        for (column, input) in self.items {
            let param = match input? {
                Input::Plain(param) => param,
                Input::Secret(None) => Param::null(&table.column_at(column).ty),
                Input::Secret(Some(plaintext)) => {
                    Param::raw(postgres_types::Type::BYTEA, seal(session, table, column, key, plaintext).await?)
                }
            };
            assignments.push((column, param));
        }
        // One order for one set of columns, so that statements are prepared once.
        assignments.sort_by_key(|(column, _)| *column);
        Ok(assignments)
    }
}

/// The cell that an insert of this value would write, for tests that insert many rows in one statement.
///
/// # Errors
///
/// As an insert's, of the value and its key.
pub async fn sealed_cell<S: Executor>(
    session: &S,
    table: &'static Table,
    column: usize,
    key: &impl Key,
    value: &impl Sealable,
) -> Result<Option<Vec<u8>>> {
    match value.plaintext()? {
        Some(plaintext) => seal(session, table, column, key, plaintext).await.map(Some),
        None => Ok(None),
    }
}

async fn seal<S: Executor>(
    session: &S,
    table: &'static Table,
    column: usize,
    key: &impl Key,
    plaintext: Plaintext,
) -> Result<Vec<u8>> {
    let tenant = row_tenant(table, key, session.confined_to());
    if table.has_tenant() && tenant.is_none() {
        let name = format!("{}.{}", table.name, table.column_at(column).name);
        return Err(Error::new(Kind::TenantMissing, format!("{name}: a sealed value is bound to its tenant"))
            .help("write it through `service.for_tenant(tenant_id)`"));
    }
    let context = CellContext::new(table, column, key.uuid(), tenant.filter(|_| table.tenant_index().is_some()));
    let data_key = session.vault().active(session, tenant).await?;
    plaintext.seal(&data_key, &context)
}

/// The tenant whose key seals the row.
fn row_tenant(table: &Table, key: &impl Key, confined_to: Option<TenantId>) -> Option<uuid::Uuid> {
    match table.scope {
        Scope::Shared => None,
        Scope::Key => Some(key.uuid()),
        Scope::Column(_) | Scope::Through { .. } => confined_to.map(|tenant| tenant.as_uuid()),
    }
}
