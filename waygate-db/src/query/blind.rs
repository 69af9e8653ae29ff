//! Searches of sealed columns: asked of their blind index, and then of the values that the rows were found to hold.
//!
//! A digest is neither authenticated nor, when it is shortened, that of one value alone. So no row leaves a search before
//! its value was opened and compared; counting, paging and limits see only rows that passed.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr};
use std::sync::Arc;

use crate::crypto::{KeyScope, Plaintext, Sought};
use crate::error::{Error, Kind, Result};
use crate::model::Model;
use crate::row::Row;
use crate::schema::{Encryption, Scope, Search, SearchScope, Table};
use crate::session::{Executor, Reply};
use crate::sql::Node;
use crate::value::Param;

use super::read::cells_of;
use super::{IntoPredicate, Predicate};

/// A condition that searches a sealed column: of its `eq` or `in_`, and of what was joined to it by `&`.
///
/// It has no `|` and no `!`: the database alone cannot decide it.
#[must_use]
pub struct BlindPredicate<M> {
    plain: Result<Option<Node>>,
    searches: Vec<BlindSearch>,
    model: PhantomData<fn() -> M>,
}

/// One sealed column, and the values it is asked for.
#[derive(Debug, Clone)]
struct BlindSearch {
    column: usize,
    sought: Arc<[Sought]>,
}

impl<M> BlindPredicate<M> {
    /// Every row.
    pub(super) fn everything() -> Self {
        Self { plain: Ok(None), searches: Vec::new(), model: PhantomData }
    }

    pub(super) fn plain(node: Result<Node>) -> Self {
        Self { plain: node.map(Some), ..Self::everything() }
    }

    pub(super) fn and(mut self, mut other: Self) -> Self {
        self.searches.append(&mut other.searches);
        self.plain = match (self.plain, other.plain) {
            (Ok(Some(one)), Ok(Some(two))) => Ok(Some(one.and(two))),
            (Ok(one), Ok(two)) => Ok(one.or(two)),
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        self
    }
}

impl<M: Model> BlindPredicate<M> {
    /// The sealed column at this place holds one of these values.
    pub(super) fn of(column: usize, values: impl Iterator<Item = Result<Option<Plaintext>>>) -> Self {
        let encryption = M::TABLE.column_at(column).encryption.as_ref();
        let sought: Result<Arc<[Sought]>> = match encryption {
            Some(encryption) => values
                .filter_map(Result::transpose)
                .map(|value| value.and_then(|value| Sought::new(encryption, value.value())))
                .collect(),
            None => Err(not_searchable(M::TABLE, column)),
        };
        match sought {
            Ok(sought) => Self { searches: vec![BlindSearch { column, sought }], ..Self::everything() },
            Err(error) => Self { plain: Err(error), ..Self::everything() },
        }
    }

    /// Makes the digests with the session's index keys.
    pub(super) async fn resolve<S: Executor>(self, session: &S) -> Result<Filter> {
        let mut node = self.plain?;
        for search in &self.searches {
            let found = search.node(session, M::TABLE).await?;
            node = Some(match node {
                Some(node) => node.and(found),
                None => found,
            });
        }
        Ok(Filter { node, searches: self.searches })
    }
}

impl BlindSearch {
    /// `blind index = ANY(digests)`: one digest for each value and each key that may have written it.
    async fn node<S: Executor>(&self, session: &S, table: &'static Table) -> Result<Node> {
        let (_, search) = encryption_of(table, self.column)?;
        let scope = searched_scope(session, table, self.column, search)?;
        let keys = session.vault().index_keys(session, scope).await?;
        let mut digests = Vec::with_capacity(self.sought.len() * keys.live().len());
        for key in keys.live() {
            for sought in &*self.sought {
                digests.push(sought.index_value(key)?);
            }
        }
        digests.sort_unstable();
        digests.dedup();
        Ok(Node::AnyOf { column: search.column, values: Param::of(&digests)? })
    }

    /// Whether the row holds one of the values. One that an exact digest found and that does not was tampered with.
    fn matches(&self, row: &Row<'_>, table: &'static Table) -> Result<bool> {
        let matches = row.holds_one_of(self.column, &self.sought)?;
        if !matches && encryption_of(table, self.column)?.1.is_exact() {
            let column = format!("{}.{}", table.name, table.column_at(self.column).name);
            tracing::warn!(target: "waygate_db::tampered", column, "a blind index stands beside another value");
        }
        Ok(matches)
    }
}

/// A condition as the database is asked it, and the searches that its answer is held to.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) node: Option<Node>,
    searches: Vec<BlindSearch>,
}

impl Filter {
    /// Whether the database's answer has to be looked at.
    pub(super) fn is_blind(&self) -> bool {
        !self.searches.is_empty()
    }

    /// Keeps the rows whose values are those that were looked for.
    pub(super) async fn keep<S: Executor>(&self, session: &S, table: &'static Table, reply: &mut Reply) -> Result<()> {
        let columns: Vec<usize> = self.searches.iter().map(|search| search.column).collect();
        let keyring = session.vault().load(session, table, &cells_of(reply, &columns)).await?;
        let mut marks = Vec::with_capacity(reply.rows().len());
        for cells in reply.rows() {
            let row = Row::new(&cells, table, &keyring);
            let mut matches = true;
            for search in &self.searches {
                matches &= search.matches(&row, table)?;
            }
            marks.push(matches);
        }
        reply.keep(&marks);
        Ok(())
    }
}

/// How the column at this place is sealed and searched.
pub(super) fn encryption_of(table: &'static Table, column: usize) -> Result<(&'static Encryption, Search)> {
    let encryption = table.column_at(column).encryption.as_ref();
    let both = encryption.and_then(|encryption| Some((encryption, encryption.search?)));
    both.ok_or_else(|| not_searchable(table, column))
}

/// Whose index keys the session looks for a value with.
fn searched_scope<S: Executor>(session: &S, table: &Table, column: usize, search: Search) -> Result<KeyScope> {
    match (search.scope, table.scope, session.confined_to()) {
        (SearchScope::App, ..) | (_, Scope::Shared, _) => Ok(KeyScope::App),
        (SearchScope::Tenant, _, Some(tenant)) => Ok(KeyScope::Tenant(tenant.as_uuid())),
        (SearchScope::Tenant, _, None) => {
            let name = format!("{}.{}", table.name, table.column_at(column).name);
            let what =
                format!("{name}: each tenant's values are indexed under its own key, and this session has no tenant");
            Err(Error::new(Kind::TenantMissing, what)
                .help("search through `service.for_tenant(tenant_id)`, or index it with `searchable(scope = app)`"))
        }
    }
}

fn not_searchable(table: &Table, column: usize) -> Error {
    let name = format!("{}.{}", table.name, table.column_at(column).name);
    Error::new(Kind::Config, format!("{name}: the column has no blind index"))
        .help("mark its field `#[model(encrypted, searchable)]`")
}

impl<M> IntoPredicate<M> for BlindPredicate<M> {
    type And = Self;

    fn into_blind(self) -> Self {
        self
    }

    fn after(self, first: Predicate<M>) -> Self {
        Self::plain(first.into_node()).and(self)
    }
}

impl<M, P: IntoPredicate<M>> BitAnd<P> for BlindPredicate<M> {
    type Output = Self;

    fn bitand(self, other: P) -> Self {
        self.and(other.into_blind())
    }
}

/// What may stand under `|` beside a search of a sealed column: nothing.
#[diagnostic::on_unimplemented(
    message = "a search of a sealed column cannot stand under `|`",
    label = "the database cannot decide this alone",
    note = "rows that a blind index finds are opened and compared, so it combines by `&` alone: `in_` takes several values"
)]
pub trait BesideBlind {}

/// A type without values: of a trait that nothing implements, rustc says something else.
impl BesideBlind for std::convert::Infallible {}

impl<M, P: BesideBlind> BitOr<P> for BlindPredicate<M> {
    type Output = Self;

    fn bitor(self, _: P) -> Self {
        self
    }
}

impl<M> std::fmt::Debug for BlindPredicate<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlindPredicate").field("plain", &self.plain).field("searches", &self.searches).finish()
    }
}
