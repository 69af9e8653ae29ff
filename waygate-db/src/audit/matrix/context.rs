//! The states that a session can be in when a statement comes.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;
use uuid::Uuid;

use super::keys::{Keys, Who};
use crate::audit::Subject;
use crate::error::{Error, Kind, Result};
use crate::schema::Dialect;
use crate::session::Direct;
use crate::sql::identifier::literal;

/// A state of the session: a tenant that is set, or one of the ways in which none is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// The first scratch tenant is set.
    A,
    /// The second one is.
    B,
    /// None was ever set on the connection.
    Unset,
    /// The setting is an empty text.
    Empty,
    /// The setting is no UUID.
    Garbage,
    /// A tenant was set in a transaction that was committed.
    AfterCommit,
    /// A tenant was set in a transaction that was rolled back.
    AfterRollback,
    /// A tenant was set after a savepoint that was rolled back to.
    AfterSavepoint,
    /// A tenant was set in a transaction whose statement was cancelled.
    AfterCancel,
}

impl Context {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::A,
        Self::B,
        Self::Unset,
        Self::Empty,
        Self::Garbage,
        Self::AfterCommit,
        Self::AfterRollback,
        Self::AfterSavepoint,
        Self::AfterCancel,
    ];

    /// Who is confined to it, and from whom; nobody where no tenant is set.
    pub(super) fn tenants(self) -> Option<(Who, Who)> {
        match self {
            Self::A => Some((Who::A, Who::B)),
            Self::B => Some((Who::B, Who::A)),
            _ => None,
        }
    }
}

/// A connection, and the state to bring it into.
#[derive(Debug, Clone, Copy)]
pub(super) struct State<'a> {
    pub(super) app: &'a Direct,
    pub(super) context: Context,
    pub(super) subject: Subject<'a>,
    pub(super) keys: Keys,
}

impl<'a> State<'a> {
    /// Ends what the last statement left, and begins a transaction in this state.
    pub(super) async fn begin(self) -> Result<&'a Direct> {
        let Self { app, context, subject, keys } = self;
        let dialect = subject.dialect;
        let role = set_role(dialect);
        // Every other state comes after the first tenant was set, or could have been.
        let (who, _) = context.tenants().unwrap_or((Who::A, Who::B));
        let tenant = set_local(subject, keys.tenant(who))?;
        let script = match context {
            Context::A | Context::B => format!("BEGIN; {role}; {tenant}"),
            Context::Unset => format!("BEGIN; {role}"),
            Context::Empty => format!("BEGIN; {role}; {}", set_empty(dialect)),
            Context::Garbage => format!("BEGIN; {role}; {}", set_text(dialect, "not-a-uuid")),
            Context::AfterCommit => format!("BEGIN; {tenant}; COMMIT; BEGIN; {role}"),
            Context::AfterRollback => format!("BEGIN; {tenant}; ROLLBACK; BEGIN; {role}"),
            Context::AfterSavepoint => {
                format!("BEGIN; {role}; SAVEPOINT before; {tenant}; ROLLBACK TO SAVEPOINT before")
            }
            Context::AfterCancel => {
                time_out(app, &tenant).await?;
                format!("BEGIN; {role}")
            }
        };
        app.run(&format!("ROLLBACK; {script}")).await?;
        Ok(app)
    }
}

/// Cancels a statement in a tenant's transaction through the protocol, as a client does that lost its patience.
pub(super) async fn cancel(app: &Direct, subject: Subject<'_>, keys: Keys) -> Result<()> {
    app.run(&format!("ROLLBACK; BEGIN; {}", set_local(subject, keys.tenant(Who::A))?)).await?;
    was_cancelled(app.cancel("SELECT pg_sleep(5)").await.err().map(|refusal| refusal.error))
}

/// Has a statement in a tenant's transaction cancelled by the server's clock, which needs no second connection.
async fn time_out(app: &Direct, set: &str) -> Result<()> {
    let script = format!("ROLLBACK; BEGIN; {set}; SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)");
    was_cancelled(app.run(&script).await.err().map(|refusal| refusal.error))
}

/// Makes sure that a cancelled statement was.
fn was_cancelled(refusal: Option<Error>) -> Result<()> {
    match refusal {
        Some(error) if error.code() == Some("57014") => Ok(()),
        Some(error) => Err(error),
        None => Err(Error::new(Kind::Server, "the server did not cancel a statement of the audit")
            .help("audit through a direct connection: the URL seems to lead through a pooler")),
    }
}

/// `SET LOCAL` of the tenant, with its seal where the dialect asks for one.
pub(crate) fn set_local(subject: Subject<'_>, tenant: Uuid) -> Result<String> {
    let set = set_text(subject.dialect, &tenant.to_string());
    match (subject.dialect, subject.seal) {
        (Dialect::Sealed, Some(key)) => {
            Ok(format!("{set}; SET LOCAL waygate.tenant_seal = {}", literal(&key.seal(tenant)?)))
        }
        _ => Ok(set),
    }
}

/// The setting that names a session's tenant, and its value for this one.
pub(crate) fn setting(dialect: &Dialect, tenant: &str) -> (&'static str, String) {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => ("waygate.tenant_id", tenant.to_owned()),
        Dialect::Supabase(claim) => ("request.jwt.claims", claim.around(tenant).to_string()),
    }
}

/// `SET LOCAL` of the tenant, as this text.
fn set_text(dialect: &Dialect, tenant: &str) -> String {
    let (name, value) = setting(dialect, tenant);
    format!("SET LOCAL {name} = {}", literal(&value))
}

/// `SET LOCAL` of the same setting, without a value.
fn set_empty(dialect: &Dialect) -> String {
    let (name, _) = setting(dialect, "");
    format!("SET LOCAL {name} = ''")
}

/// Takes the role of tenants' statements, where it is another than the login, for the transaction.
pub(crate) fn set_role(dialect: &Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => "",
        Dialect::Supabase(_) => "SET LOCAL ROLE authenticated",
    }
}

/// Takes the role of tenants' statements, where it is another than the login, for the session.
pub(crate) fn become_tenant(dialect: &Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => "",
        Dialect::Supabase(_) => "SET ROLE authenticated",
    }
}

/// Takes the role of the service's statements, where it is another than the login, for the session.
pub(crate) fn become_service(dialect: &Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => "",
        Dialect::Supabase(_) => "SET ROLE service_role",
    }
}

impl Display for Context {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::B => "B",
            Self::Unset => "unset",
            Self::Empty => "empty",
            Self::Garbage => "garbage",
            Self::AfterCommit => "after commit",
            Self::AfterRollback => "after rollback",
            Self::AfterSavepoint => "after savepoint",
            Self::AfterCancel => "after cancel",
        })
    }
}
