//! A new active key in place of another.

use serde::Serialize;

use super::{forge, notify, purpose_name};
use crate::crypto::{KeyPurpose, KeyScope};
use crate::error::{Error, Kind, Result};
use crate::keys::stored::{self, Stored};
use crate::session::{Executor, ServiceScope};
use crate::sql::Statement;
use crate::value::{Param, TenantId};

const STEP_DOWN: &str = "UPDATE waygate.data_keys SET state = 'decrypt_only', retired_at = now()
    WHERE key_id = $1 AND state = 'active'";

/// Whose keys are rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The application's own.
    App,
    /// One tenant's.
    Tenant(TenantId),
    /// All that are active.
    All,
}

/// One rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// Whose key: `app`, or a tenant's id.
    pub scope: String,
    /// What it is for.
    pub purpose: &'static str,
    /// The key that opens only, from now on.
    pub from: String,
    /// The key that seals.
    pub to: String,
    /// Its number in the scope.
    pub version: i32,
}

/// Gives each of these scopes a new active key; the one before opens only, until nothing is sealed under it any more.
///
/// Each scope in a transaction of its own, in which all processes are told. Of two rotations at once one wins.
///
/// # Errors
///
/// [`is_key`](Error::is_key) when a scope has no active key, when another rotation came first, or when the provider is
/// out of reach. What was rotated before stays rotated.
pub async fn rotate(service: &ServiceScope, which: Which, purpose: KeyPurpose) -> Result<Vec<Rotated>> {
    let mut done = Vec::new();
    for old in active(service, which, purpose).await? {
        done.push(rotate_one(service, &old).await?);
    }
    Ok(done)
}

async fn active(service: &ServiceScope, which: Which, purpose: KeyPurpose) -> Result<Vec<Stored>> {
    let scope = match which {
        Which::App => KeyScope::App,
        Which::Tenant(tenant) => KeyScope::Tenant(tenant.as_uuid()),
        Which::All => {
            let mut keys = stored::all(service).await?;
            keys.retain(|key| key.is_active() && key.purpose() == purpose);
            return Ok(keys);
        }
    };
    let key = stored::active(service, scope, purpose).await?.ok_or_else(|| {
        Error::new(Kind::Key, format!("scope {scope} has no active key for purpose {}", purpose_name(purpose)))
            .help("`keys list` shows the keys; the first one is made by `keys init`, or when a value is sealed")
    })?;
    Ok(vec![key])
}

async fn rotate_one(service: &ServiceScope, old: &Stored) -> Result<Rotated> {
    let provider = service.vault().provider()?;
    let (key, wrapped) = forge(service, provider, old.scope(), old.purpose()).await?;
    let came_second = || {
        Error::new(Kind::Key, format!("another rotation of scope {} came first; its new key is active", old.scope()))
            .help("nothing was changed here: `keys list` shows the key, rotate again only if you mean to")
    };
    service
        .transaction(async |tx| {
            // Waits for another rotation of this key, and then finds it no longer active.
            let step_down = Statement::write(STEP_DOWN, vec![Param::of(&old.id.0.to_vec())?]);
            if tx.run(step_down).await?.affected() == 0 || !stored::insert(tx, &key, provider, &wrapped).await? {
                return Err(came_second());
            }
            notify(tx, &old.id).await
        })
        .await?;
    Ok(Rotated {
        scope: old.scope().to_string(),
        purpose: purpose_name(old.purpose()),
        from: old.id.to_string(),
        to: key.id().to_string(),
        version: key.version(),
    })
}
