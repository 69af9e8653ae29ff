//! What a verb asks of its session, as types, and which handles carry it.

use crate::error::Result;
use crate::keys::Vault;
use crate::schema::Dialect;
use crate::sql::Statement;
use crate::value::TenantId;

use super::Reply;

/// Reading reference data: every handle may.
#[derive(Debug)]
pub struct SharedData;

/// Reading and changing rows that have a tenant: a tenant's handle reaches its own, the service's handle reaches all.
#[derive(Debug)]
pub struct TenantData;

/// Inserting rows that have a tenant: the handle must say which one.
#[derive(Debug)]
pub struct OneTenant;

/// What only the service may do: insert and delete tenants, write reference data.
#[derive(Debug)]
pub struct ServiceOnly;

/// A handle that carries the access `A`; scopes and transactions alike.
///
/// Write functions over any handle with it:
///
/// ```
/// use waygate_db::{Result, Session, TenantData};
/// # use waygate_db::{Id, Model, TenantId};
/// # #[derive(Model)] #[model(table = "notes")] struct Note {
/// #     #[model(key)] id: Id<Note>, #[model(tenant)] tenant_id: TenantId, text: String }
///
/// async fn notes(session: &impl Session<TenantData>) -> Result<Vec<Note>> {
///     Note::query().all(session).await
/// }
/// ```
pub trait Session<A>: Executor {}

/// An access that a handle carries: the same question as [`Session`], asked from the other side.
///
/// The verbs ask it this way round because the compiler words a refusal by the last question that failed only when that
/// one is about another type: here about the handle, which is what the user sees.
pub trait CarriedBy<S> {}

impl<A, S: Session<A>> CarriedBy<S> for A {}

impl<S: ReachesShared> Session<SharedData> for S {}
impl<S: ReachesTenantData> Session<TenantData> for S {}
impl<S: NamesTenant> Session<OneTenant> for S {}
impl<S: ActsAsService> Session<ServiceOnly> for S {}

/// A handle that reads reference data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a session",
    label = "expected a `Db`, a scope from `db.tenant(id)` or `db.service(reason)`, or a transaction of one"
)]
pub trait ReachesShared: Executor {}

/// A handle that reaches rows with a tenant.
#[diagnostic::on_unimplemented(
    message = "this query touches tenant data, but `{Self}` carries no tenant",
    label = "no tenant here",
    note = "take a handle for one tenant with `db.tenant(tenant_id)`",
    note = "for work across tenants, take `db.service(\"the reason\")`; it uses its own login and is logged",
    note = "in a function over any handle, ask for `&impl Session<TenantData>`"
)]
pub trait ReachesTenantData: Executor {}

/// A handle that says whose row an insert makes.
#[diagnostic::on_unimplemented(
    message = "an insert of tenant data needs one tenant, but `{Self}` does not name one",
    label = "whose row would this be?",
    note = "take a handle for one tenant with `db.tenant(tenant_id)`",
    note = "as the service, take `service.for_tenant(tenant_id)`",
    note = "in a function over any handle, ask for `&impl Session<OneTenant>`"
)]
pub trait NamesTenant: Executor {}

/// A handle that acts as the service.
#[diagnostic::on_unimplemented(
    message = "only the service may do this, but `{Self}` does not act as the service",
    label = "the tenant table and reference data are written by the service alone",
    note = "take `db.service(\"the reason\")`; it uses its own login and is logged"
)]
pub trait ActsAsService: Executor {}

/// Runs statements for a handle. Only this crate implements it.
pub trait Executor: Send + Sync + sealed::Sealed {
    /// The tenant whose rows a statement is confined to; `None` on handles that reach all of them.
    #[doc(hidden)]
    fn confined_to(&self) -> Option<TenantId>;

    /// The kind of server.
    #[doc(hidden)]
    fn dialect(&self) -> &Dialect;

    /// The keys of sealed columns.
    #[doc(hidden)]
    fn vault(&self) -> &Vault;

    /// Runs one statement.
    #[doc(hidden)]
    fn run(&self, statement: Statement) -> impl Future<Output = Result<Reply>> + Send;

    /// Runs one statement that must stay when the caller's transaction is rolled back.
    #[doc(hidden)]
    fn run_aside(&self, statement: Statement) -> impl Future<Output = Result<Reply>> + Send;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}
