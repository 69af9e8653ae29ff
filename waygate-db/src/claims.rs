//! Tokens of Supabase's kind: a signature by a known key, and claims that name a role and a tenant.
//!
//! [`TokenVerifier`] checks a token and returns its [`Claims`]. What each key may sign is fixed by the kind of the key
//! (`key`), never by the token, which might else name another algorithm.

mod key;
mod verifier;

use std::fmt;
use std::sync::Arc;

use crate::value::TenantId;

pub use verifier::TokenVerifier;

/// The claims of a token that a [`TokenVerifier`] has accepted.
#[derive(Clone)]
pub struct Claims {
    role: TokenRole,
    tenant: Option<TenantId>,
    json: Arc<str>,
}

/// The role that a token asks for. There is none for the service: who holds its token would see all tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenRole {
    /// A visitor who has not logged in.
    Anon,
    /// A user who has.
    Authenticated,
}

impl Claims {
    /// The role.
    #[must_use]
    pub fn role(&self) -> TokenRole {
        self.role
    }

    /// The tenant, which every authenticated token names.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    /// The claims as JSON, for `request.jwt.claims`: written anew from what was verified, so that the server cannot
    /// read anything else in them.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, tenant, json: _ } = self;
        f.debug_struct("Claims").field("role", role).field("tenant", tenant).finish_non_exhaustive()
    }
}
