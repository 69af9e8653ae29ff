//! A new active key in place of another.

use chrono::Utc;
use serde::Serialize;

use super::retire::GRACE;
use super::{forge, notify, purpose_name};
use crate::crypto::{KeyId, KeyPurpose, KeyScope};
use crate::error::{Error, Kind, Result};
use crate::keys::stored::{self, Stored};
use crate::session::{Executor, ServiceScope};
use crate::sql::Statement;
use crate::value::{Param, TenantId};

const STEP_DOWN: &str = "UPDATE waygate.data_keys SET state = 'decrypt_only', retired_at = now()
    WHERE key_id = $1 AND state = 'active'";

const STEP_UP: &str = "UPDATE waygate.data_keys SET state = 'active', activated_at = now()
    WHERE key_id = $1 AND state = 'pending'";

const PENDING: &str = "WHERE scope = $1 AND purpose = 2 AND state = 'pending'";

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
    /// Whether it is in use from now on; an index key is looked for at first, and used by the next rotation.
    pub active: bool,
}

/// Gives each of these scopes a new active key; the one before opens only, until nothing is sealed under it any more.
///
/// Each scope in a transaction of its own, in which all processes are told. Of two rotations at once one wins.
///
/// An index key is replaced in two steps: the new one is pending first, and every process looks for its digests, too; a
/// rotation at least 20 minutes later, when no process holds the keys from before, makes it the one that writes. Else a
/// process that has not heard of it would miss the rows that others have written.
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
    if old.purpose() == KeyPurpose::Index {
        return rotate_index(service, old).await;
    }
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
        active: true,
    })
}

/// The first step, or the second for a key that has been pending for long enough.
async fn rotate_index(service: &ServiceScope, old: &Stored) -> Result<Rotated> {
    let scope = Param::of(&old.scope().to_string())?;
    let pending = stored::select(service, PENDING, vec![scope]).await?.pop();
    let rotated = |id: &KeyId, version, active| Rotated {
        scope: old.scope().to_string(),
        purpose: purpose_name(old.purpose()),
        from: old.id.to_string(),
        to: id.to_string(),
        version,
        active,
    };
    let Some(pending) = pending else {
        let provider = service.vault().provider()?;
        let (key, wrapped) = forge(service, provider, old.scope(), old.purpose()).await?;
        service
            .transaction(async |tx| {
                stored::insert_pending(tx, &key, provider, &wrapped).await?;
                notify(tx, &old.id).await
            })
            .await?;
        return Ok(rotated(&key.id(), key.version(), false));
    };
    if Utc::now() - pending.created_at < GRACE {
        let since = pending.created_at.format("%H:%M UTC");
        let what = format!("the next index key of scope {} is pending since {since}", old.scope());
        return Err(Error::new(Kind::Key, what)
            .help("rotate again 20 minutes after that, when every process looks for its digests"));
    }
    service
        .transaction(async |tx| {
            tx.run(Statement::write(STEP_DOWN, vec![Param::of(&old.id.0.to_vec())?])).await?;
            tx.run(Statement::write(STEP_UP, vec![Param::of(&pending.id.0.to_vec())?])).await?;
            notify(tx, &old.id).await
        })
        .await?;
    Ok(rotated(&pending.id, pending.context.version, true))
}
