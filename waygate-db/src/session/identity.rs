//! As whom a database's sessions act: its dialect's roles, and the proof of a tenant.

use std::sync::Arc;

use super::opening::Behalf;
use crate::crypto::SealKey;
use crate::error::{Error, Kind, Result};
use crate::schema::Dialect;
use crate::value::TenantId;

/// What every session of a database sets before its statements.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) dialect: Dialect,
    pub(super) application_name: String,
    seal_key: Option<Arc<SealKey>>,
}

impl Identity {
    /// Refuses a dialect without what it needs.
    pub(super) fn new(dialect: Dialect, application_name: String, seal_key: Option<Arc<SealKey>>) -> Result<Self> {
        match (&dialect, &seal_key) {
            (Dialect::Sealed, None) => Err(Error::new(Kind::Config, "the dialect `sealed` needs a key for its seals")
                .help("set WAYGATE_TENANT_SEAL_KEY, or give the configuration a `tenant_seal`")),
            _ => Ok(Self { dialect, application_name, seal_key }),
        }
    }

    /// The role that a statement runs as, where it is another than the login's.
    pub(super) fn role(&self, behalf: Behalf<'_>) -> Option<&'static str> {
        let Dialect::Supabase(_) = self.dialect else { return None };
        Some(match behalf {
            Behalf::Anonymous => self.dialect.anon_role()?,
            Behalf::Nobody | Behalf::Tenant(_) | Behalf::Claims(..) => self.dialect.app_role(),
            Behalf::Service(..) => self.dialect.service_role(),
        })
    }

    /// The tenant's seal, which the policies of a sealed database ask for.
    pub(super) fn seal(&self, tenant: TenantId) -> Result<String> {
        match &self.seal_key {
            Some(key) => key.seal(tenant.as_uuid()),
            None => Err(Error::new(Kind::Config, "this database has no key for its seals")),
        }
    }
}
