//! How a project keeps its tenants, for the commands that make them and replace their keys.

use std::pin::Pin;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::error::Result;
use crate::session::ServiceScope;
use crate::value::TenantId;

/// What a project's tenant functions return.
pub type TenantFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// How a project keeps its tenants, for the commands that make them and replace their keys.
///
/// The functions run as the service. Of a key they see the hash alone.
#[derive(Debug, Clone, Copy)]
pub struct Tenants {
    /// Inserts a tenant.
    pub create: fn(&ServiceScope, NewTenant) -> TenantFuture<'_, TenantSummary>,
    /// All tenants, the oldest first.
    pub list: fn(&ServiceScope) -> TenantFuture<'_, Vec<TenantSummary>>,
    /// Gives a tenant another key; `None` when there is no such tenant.
    pub rotate_key: fn(&ServiceScope, KeyRotation) -> TenantFuture<'_, Option<TenantSummary>>,
}

/// A tenant to be.
#[derive(Debug)]
pub struct NewTenant {
    /// What people call it.
    pub name: String,
    /// Where to reach it.
    pub email: String,
    /// The hash of its API key.
    pub key_hash: String,
}

/// A change of a tenant's key.
#[derive(Debug)]
pub struct KeyRotation {
    /// The tenant's id, or its email.
    pub tenant: String,
    /// The hash of the key to come.
    pub key_hash: String,
    /// How long the present key stays live; zero ends it at once.
    pub grace: TimeDelta,
}

/// What the commands say of a tenant.
#[derive(Debug, Clone, Serialize)]
pub struct TenantSummary {
    /// The tenant.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// Where to reach it.
    pub email: String,
    /// When it signed up.
    pub created_at: DateTime<Utc>,
    /// Until when the key before the present one is live, or was.
    pub previous_key_until: Option<DateTime<Utc>>,
}
