//! What opens a transaction: as which role, for which tenant, and why.

use std::fmt::Write as _;

use super::identity::Identity;
use crate::error::Result;
use crate::schema::Dialect;
use crate::sql::{Access, Statement};
use crate::value::{Param, TenantId};

/// Sets settings whose values are texts: bound, so that there is nothing to inject.
const SET: &str = "SELECT set_config(name, value, true)
    FROM unnest($1::text[], $2::text[]) AS setting (name, value)";

/// On whose behalf a statement runs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Behalf<'a> {
    /// Nobody's: reference data.
    Nobody,
    /// A visitor's who has not logged in.
    Anonymous,
    /// A tenant's.
    Tenant(TenantId),
    /// A tenant's, by a verified token with these claims.
    Claims(TenantId, &'a str),
    /// The service's: why, but where it is about to say so, and perhaps for one tenant.
    Service(Option<&'a str>, Option<TenantId>),
}

/// What is sent before a statement, in the same flight.
#[derive(Debug)]
pub struct Opening {
    /// `BEGIN` and what is set from typed values.
    pub(super) begin: String,
    /// What is set from texts.
    pub(super) settings: Option<Statement>,
    /// Why the service acts.
    pub(super) reason: Option<String>,
}

impl Opening {
    /// What opens a transaction for a statement; `None` where the statement needs none, because nothing is set, and
    /// nothing has to be undone.
    pub(super) fn new(identity: &Identity, access: Access, behalf: Behalf<'_>) -> Result<Option<Self>> {
        let role = identity.role(behalf);
        let settings = settings(identity, behalf)?;
        let is_nothing_set = role.is_none() && behalf.tenant().is_none() && settings.is_empty();
        if is_nothing_set && access != Access::Raw {
            return Ok(None);
        }
        let mut begin = match access {
            Access::Read | Access::Raw => String::from("BEGIN READ ONLY"),
            Access::Write => String::from("BEGIN"),
        };
        if let Some(role) = role {
            push(&mut begin, format_args!("SET LOCAL ROLE {role}"));
        }
        if let Some(tenant) = behalf.tenant() {
            if identity.dialect == Dialect::Citus {
                push(&mut begin, format_args!("SET LOCAL citus.propagate_set_commands = 'local'"));
            }
            // The UUID is typed, so there is nothing to inject.
            push(&mut begin, format_args!("SET LOCAL waygate.tenant_id = '{tenant}'"));
        }
        Ok(Some(Self { begin, settings: set(settings)?, reason: behalf.reason().map(str::to_owned) }))
    }

    /// What opens a transaction in which nothing is set.
    pub(super) fn plain() -> Self {
        Self { begin: "BEGIN".to_owned(), settings: None, reason: None }
    }
}

impl<'a> Behalf<'a> {
    fn tenant(self) -> Option<TenantId> {
        match self {
            Self::Nobody | Self::Anonymous => None,
            Self::Tenant(tenant) | Self::Claims(tenant, _) => Some(tenant),
            Self::Service(_, tenant) => tenant,
        }
    }

    fn reason(self) -> Option<&'a str> {
        match self {
            Self::Service(reason, _) => reason,
            _ => None,
        }
    }
}

fn push(begin: &mut String, statement: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = write!(begin, "; {statement}");
}

/// What is set from texts: the service's reason, a tenant's seal, a token's claims.
fn settings(identity: &Identity, behalf: Behalf<'_>) -> Result<Vec<(&'static str, String)>> {
    let mut settings = Vec::new();
    if let Some(reason) = behalf.reason() {
        settings.push(("application_name", format!("{}: {reason}", identity.application_name)));
    }
    match (&identity.dialect, behalf) {
        (Dialect::Sealed, Behalf::Tenant(tenant) | Behalf::Claims(tenant, _)) => {
            settings.push(("waygate.tenant_seal", identity.seal(tenant)?));
        }
        (Dialect::Supabase(_), Behalf::Claims(_, claims)) => settings.push(("request.jwt.claims", claims.to_owned())),
        (Dialect::Supabase(claim), _) => {
            if let (Some(role), Some(tenant)) = (identity.role(behalf), behalf.tenant()) {
                settings.push(("request.jwt.claims", claim.claims(role, tenant.as_uuid())));
            }
        }
        _ => {}
    }
    Ok(settings)
}

fn set(settings: Vec<(&'static str, String)>) -> Result<Option<Statement>> {
    if settings.is_empty() {
        return Ok(None);
    }
    let (names, values): (Vec<String>, Vec<String>) =
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).unzip();
    Ok(Some(Statement::read(SET, vec![Param::of(&names)?, Param::of(&values)?])))
}
