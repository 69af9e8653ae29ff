//! A customer of the gateway.

use chrono::{DateTime, Utc};
use waygate_db::{Json, Model, TenantId};

use super::Integration;

/// A customer of the gateway: each row is its own tenant.
#[derive(Model, Debug, Clone)]
#[model(table = "tenants", has_many(integrations: Integration))]
pub struct Tenant {
    /// The tenant.
    #[model(key, tenant)]
    pub id: TenantId,
    /// What people call it.
    #[model(max_len = 255)]
    pub name: String,
    /// Where to reach it; unique over all tenants.
    #[model(max_len = 255, unique(name = "tenants_email_idx"))]
    pub email: String,
    /// Lower-case hex SHA-256 of its API key: keys are long and random, so a fast hash is right.
    #[model(
        max_len = 255,
        unique(name = "tenants_api_key_hash_idx"),
        login(previous = previous_api_key_hash, until = previous_api_key_expires_at)
    )]
    pub waygate_api_key_hash: String,
    /// Rate limits and the like.
    #[model(default)]
    pub settings: Json,
    /// When it signed up.
    #[model(created_at)]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[model(updated_at)]
    pub updated_at: DateTime<Utc>,
    /// The hash of the API key that the present one replaced.
    #[model(max_len = 255, unique(name = "tenants_previous_api_key_hash_idx"))]
    pub previous_api_key_hash: Option<String>,
    /// Until when that key opens the door too.
    pub previous_api_key_expires_at: Option<DateTime<Utc>>,
}
