//! The states that a session can be in when a statement comes.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::keys::{Keys, Who};
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
    pub(super) dialect: &'a Dialect,
    pub(super) keys: Keys,
}

impl<'a> State<'a> {
    /// Ends what the last statement left, and begins a transaction in this state.
    pub(super) async fn begin(self) -> Result<&'a Direct> {
        let Self { app, context, dialect, keys } = self;
        let set = |tenant: &str| set_local(dialect, tenant);
        let role = set_role(dialect);
        let tenant = |who| set(&keys.tenant(who).to_string());
        let script = match context {
            Context::A => format!("BEGIN; {role}; {}", tenant(Who::A)),
            Context::B => format!("BEGIN; {role}; {}", tenant(Who::B)),
            Context::Unset => format!("BEGIN; {role}"),
            Context::Empty => format!("BEGIN; {role}; {}", set_empty(dialect)),
            Context::Garbage => format!("BEGIN; {role}; {}", set("not-a-uuid")),
            Context::AfterCommit => format!("BEGIN; {}; COMMIT; BEGIN; {role}", tenant(Who::A)),
            Context::AfterRollback => format!("BEGIN; {}; ROLLBACK; BEGIN; {role}", tenant(Who::A)),
            Context::AfterSavepoint => {
                format!("BEGIN; {role}; SAVEPOINT before; {}; ROLLBACK TO SAVEPOINT before", tenant(Who::A))
            }
            Context::AfterCancel => {
                time_out(app, &tenant(Who::A)).await?;
                format!("BEGIN; {role}")
            }
        };
        app.run(&format!("ROLLBACK; {script}")).await?;
        Ok(app)
    }
}

/// Cancels a statement in a tenant's transaction through the protocol, as a client does that lost its patience.
pub(super) async fn cancel(app: &Direct, dialect: &Dialect, keys: Keys) -> Result<()> {
    app.run(&format!("ROLLBACK; BEGIN; {}", set_local(dialect, &keys.tenant(Who::A).to_string()))).await?;
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

/// The setting that names a session's tenant, and its value for this one.
pub(crate) fn setting(dialect: &Dialect, tenant: &str) -> (&'static str, String) {
    match dialect {
        Dialect::Postgres | Dialect::Sealed | Dialect::Citus => ("waygate.tenant_id", tenant.to_owned()),
        Dialect::Supabase(claim) => ("request.jwt.claims", claim.around(tenant).to_string()),
    }
}

/// `SET LOCAL` of the tenant, as this text.
pub(crate) fn set_local(dialect: &Dialect, tenant: &str) -> String {
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
