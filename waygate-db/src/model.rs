//! What `#[derive(Model)]` implements: the bridge between a struct and its table.

use crate::error::Result;
use crate::query::{Delete, Query, RawSql, RawText};
use crate::row::Row;
use crate::schema::Table;
use crate::session::{CarriedBy, Executor, OneTenant, ServiceOnly, SharedData, TenantData};
use crate::value::Key;

/// A struct whose values are rows of a table. Derive it; never implement it by hand.
///
/// The verbs below are the same on every model. `create`, and the setters behind `update` and `patch`, are generated
/// for each struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "add `#[derive(Model)]` and `#[model(table = \"…\")]` to this struct"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The table's metadata.
    const TABLE: &'static Table;
    /// The columns, as fields of a value that filters and orders borrow.
    const COLUMNS: Self::Columns;
    /// The primary key's type.
    type Key: Key;
    /// Whose data it is, and so which sessions may do what.
    type Scope: ModelScope;
    /// The generated columns struct.
    type Columns: Copy + Send + Sync + 'static;

    /// The row's key.
    fn key(&self) -> Self::Key;

    /// Builds the struct from a row that holds the table's columns in their order.
    #[doc(hidden)]
    fn decode(row: &Row<'_>) -> Result<Self>;

    /// The row with this key, if the session's tenant has it: `Integration::find(id, &acme).await?`.
    ///
    /// # Errors
    ///
    /// [`is_decode`](crate::Error::is_decode) or [`is_decrypt`](crate::Error::is_decrypt) for a row that does not read,
    /// and the connection's errors.
    fn find<S>(key: Self::Key, session: &S) -> impl Future<Output = Result<Option<Self>>> + Send
    where
        S: Executor,
        ReadBy<Self>: CarriedBy<S>,
    {
        crate::query::find(key, session)
    }

    /// A query over all rows the session may see; refine it with `filter`, `order_by` and `limit`.
    fn query() -> Query<Self> {
        Query::new()
    }

    /// Rows by a SELECT of your own: `Integration::sql("SELECT {columns} FROM integrations WHERE …").bind(x).all(&acme)`.
    ///
    /// For what [`query`](Self::query) does not say: joins, window functions, recursion. `{columns}` stands for the
    /// model's columns; after a join write `i.*`. Further columns are left out, so the text may compute what it orders
    /// by. The values of `$1`, `$2`, … are given with [`bind`](RawSql::bind), and are never part of the text.
    ///
    /// ```no_run
    /// # use waygate_db::{Id, Model, Result, TenantId, TenantScope};
    /// # #[derive(Model)] #[model(table = "notes")] struct Note {
    /// #     #[model(key)] id: Id<Note>, #[model(tenant)] tenant_id: TenantId, text: String }
    /// # async fn example(acme: TenantScope) -> Result<()> {
    /// let notes = Note::sql("SELECT {columns} FROM notes WHERE length(text) > $1 ORDER BY length(text) DESC LIMIT 10")
    ///     .bind(1000)
    ///     .all(&acme)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// **Isolation.** The text asks of its session what any read of the model asks, and stands inside a statement of the
    /// library's that asks for the tenant three times: of the model's table, which the text finds under its bare name;
    /// of the rows that it gives, whose tenant column (or parent, or key) it therefore must give unchanged; and of their
    /// keys in the table itself, which costs one look-up for each row. So no text gives a row whose key is another
    /// tenant's. The other columns are the text's to compute. Other tables, and names with a schema, are confined by
    /// row security alone. That lets the service through, so a text that runs as `service.for_tenant(id)` has to join
    /// other tables by the tenant itself.
    ///
    /// **One SELECT.** It may start with `WITH`. It cannot write, holds no `;`, no `FOR UPDATE` and no `set_config`, and
    /// its parentheses match. Outside of a transaction it runs READ ONLY. It is rolled back behind its answer, to a
    /// savepoint inside of a transaction, so that nothing a function in it sets or writes stays. Its own table is a subquery in it: there is
    /// no `ctid`, and `GROUP BY id` alone does not cover the other columns.
    ///
    /// **Order.** Write ORDER BY and LIMIT in the text. PostgreSQL hands on the order of a subquery that is only filtered
    /// and cut, as this one is.
    fn sql(text: impl RawText) -> RawSql<Self> {
        RawSql::new(text.text())
    }

    /// Changes columns of the row with this key: `Integration::update(id).name("New").exec(&acme).await?`.
    #[must_use]
    fn update(key: Self::Key) -> Self::Update
    where
        Self: Mutable,
    {
        Self::Update::from(crate::query::Update::new(key))
    }

    /// Changes columns of this row and returns it anew: `slack.patch().name("New").save(&acme).await?`.
    #[must_use]
    fn patch(&self) -> Self::Patch
    where
        Self: Mutable,
    {
        Self::Patch::from(crate::query::Update::new(self.key()))
    }

    /// Deletes the row with this key: `Integration::delete(id).exec(&acme).await?`.
    fn delete(key: Self::Key) -> Delete<Self>
    where
        Self: Mutable,
    {
        Delete::new(key)
    }
}

/// A model whose rows may be changed: every model that is not `append_only`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is append-only: its rows are inserted and read, never changed or deleted",
    label = "no `update`, `patch` or `delete` for this model",
    note = "remove `append_only` from its `#[model(…)]` if rows may change"
)]
pub trait Mutable: Model {
    /// The generated setters behind [`Model::update`].
    type Update: From<crate::query::Update<Self>>;
    /// The generated setters behind [`Model::patch`].
    type Patch: From<crate::query::Update<Self>>;
}

/// Whose data a model holds, as a type: it says what each verb asks of its session.
pub trait ModelScope: Send + Sync + 'static {
    /// What a read asks for.
    type Read: Send + Sync + 'static;
    /// What an insert asks for.
    type Insert: Send + Sync + 'static;
    /// What an update asks for.
    type Update: Send + Sync + 'static;
    /// What a delete asks for.
    type Delete: Send + Sync + 'static;
}

/// Rows that name their tenant, or belong to a parent that does.
#[derive(Debug)]
pub struct OwnedByTenant;

impl ModelScope for OwnedByTenant {
    type Read = TenantData;
    type Insert = OneTenant;
    type Update = TenantData;
    type Delete = TenantData;
}

/// The tenant table: a tenant reads and updates its own row; the service inserts and deletes.
#[derive(Debug)]
pub struct IsTenant;

impl ModelScope for IsTenant {
    type Read = TenantData;
    type Insert = ServiceOnly;
    type Update = TenantData;
    type Delete = ServiceOnly;
}

/// Reference data: everyone reads, the service writes.
#[derive(Debug)]
pub struct SharedByAll;

impl ModelScope for SharedByAll {
    type Read = SharedData;
    type Insert = ServiceOnly;
    type Update = ServiceOnly;
    type Delete = ServiceOnly;
}

/// What a read of `M` asks of its session.
pub(crate) type ReadBy<M> = <<M as Model>::Scope as ModelScope>::Read;
/// What an insert of `M` asks of its session.
pub type InsertBy<M> = <<M as Model>::Scope as ModelScope>::Insert;
/// What an update of `M` asks of its session.
pub type UpdateBy<M> = <<M as Model>::Scope as ModelScope>::Update;
/// What a delete of `M` asks of its session.
pub(crate) type DeleteBy<M> = <<M as Model>::Scope as ModelScope>::Delete;
