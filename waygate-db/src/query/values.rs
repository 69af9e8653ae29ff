//! The values of an insert or update, plain and sealed, until they are parameters.

use postgres_types::Type;
use uuid::Uuid;

use crate::crypto::{CellContext, KeyScope, Plaintext, Sealable, index_value};
use crate::error::{Error, Kind, Result, ServerReport};
use crate::schema::{Encryption, Index, Scope, Search, SearchScope, Table};
use crate::session::Executor;
use crate::sql::{Change, Guard};
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

    /// Seals what is to be sealed, with the digests that it is found by, and encodes the rest. `key` is the row's; sealed
    /// values are bound to it.
    pub(super) async fn into_change<S: Executor>(
        self,
        session: &S,
        table: &'static Table,
        key: &impl Key,
    ) -> Result<Change> {
        let mut change = Change { values: Vec::with_capacity(self.items.len()), guards: Vec::new() };
        for (column, input) in self.items {
            let place = Place { table, column, key: key.uuid(), tenant: row_tenant(table, key, session.confined_to()) };
            match input? {
                Input::Plain(param) => change.values.push((column, param)),
                Input::Secret(None) => {
                    let search = place.search().map(|(_, search)| search.column);
                    let nulls = [column].into_iter().chain(search);
                    change.values.extend(nulls.map(|column| (column, Param::null(&table.column_at(column).ty))));
                }
                Input::Secret(Some(plaintext)) => {
                    place.require_tenant()?;
                    place.index(session, &plaintext, &mut change).await?;
                    let cell = place.seal(session, plaintext).await?;
                    change.values.push((column, Param::raw(Type::BYTEA, cell)));
                }
            }
        }
        // One order for one set of columns, so that statements are prepared once.
        change.values.sort_by_key(|(column, _)| *column);
        Ok(change)
    }
}

/// The cell that a secret is written to.
struct Place {
    table: &'static Table,
    column: usize,
    key: Uuid,
    /// The tenant whose key seals the row.
    tenant: Option<Uuid>,
}

impl Place {
    fn require_tenant(&self) -> Result<()> {
        if self.table.has_tenant() && self.tenant.is_none() {
            let name = format!("{}.{}", self.table.name, self.table.column_at(self.column).name);
            return Err(Error::new(Kind::TenantMissing, format!("{name}: a sealed value is bound to its tenant"))
                .help("write it through `service.for_tenant(tenant_id)`"));
        }
        Ok(())
    }

    fn search(&self) -> Option<(&'static Encryption, Search)> {
        let encryption = self.table.column_at(self.column).encryption.as_ref()?;
        Some((encryption, encryption.search?))
    }

    /// Writes the digest of a searchable value. While digests of another key are still stored, a unique index alone would
    /// not see that a row holds the value under one of those, so the statement asks.
    async fn index<S: Executor>(&self, session: &S, plaintext: &Plaintext, change: &mut Change) -> Result<()> {
        let Some((encryption, search)) = self.search() else { return Ok(()) };
        let scope = match search.scope {
            SearchScope::App => KeyScope::App,
            SearchScope::Tenant => self.tenant.map_or(KeyScope::App, KeyScope::Tenant),
        };
        let keys = session.vault().index_keys_to_write(session, scope).await?;
        if let Some(key) = keys.active() {
            let digest = index_value(key, encryption, plaintext.value())?;
            change.values.push((search.column, Param::raw(Type::BYTEA, digest)));
        }
        if search.unique {
            let digests = keys.others().map(|key| index_value(key, encryption, plaintext.value()));
            let others = digests.collect::<Result<Vec<_>>>()?;
            if !others.is_empty() {
                change.guards.push(Guard { column: search.column, digests: Param::of(&others)? });
            }
        }
        Ok(())
    }

    async fn seal<S: Executor>(&self, session: &S, plaintext: Plaintext) -> Result<Vec<u8>> {
        let Self { table, column, key, tenant } = *self;
        let context = CellContext::new(table, column, key, tenant.filter(|_| table.tenant_index().is_some()));
        let data_key = session.vault().active(session, tenant).await?;
        plaintext.seal(&data_key, &context)
    }
}

/// A row holds the value of a unique blind index under a key that is being rotated out: what the index itself says when
/// it is under the same key.
pub(super) fn taken(table: &Table, guards: &[usize]) -> Error {
    let holds =
        |column: usize| move |index: &&Index| index.unique && index.columns.iter().any(|one| one.column == column);
    let names: Vec<&str> =
        guards.iter().filter_map(|column| table.indexes.iter().find(holds(*column))).map(|index| index.name).collect();
    let report = ServerReport {
        code: "23505".to_owned(),
        constraint: match names.as_slice() {
            [name] => Some((*name).to_owned()),
            _ => None,
        },
        table: Some(table.name.to_owned()),
        column: None,
    };
    let names = names.join(", ");
    Error::new(Kind::Server, format!("{}: a row holds this value already (unique index {names})", table.name))
        .help("the index's key is being rotated, and that row still stands under the earlier one")
        .reported(report)
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
    let place = Place { table, column, key: key.uuid(), tenant: row_tenant(table, key, session.confined_to()) };
    let Some(plaintext) = value.plaintext()? else { return Ok(None) };
    place.require_tenant()?;
    place.seal(session, plaintext).await.map(Some)
}

/// The tenant whose key seals the row.
fn row_tenant(table: &Table, key: &impl Key, confined_to: Option<TenantId>) -> Option<Uuid> {
    match table.scope {
        Scope::Shared => None,
        Scope::Key => Some(key.uuid()),
        Scope::Column(_) | Scope::Through { .. } => confined_to.map(|tenant| tenant.as_uuid()),
    }
}
