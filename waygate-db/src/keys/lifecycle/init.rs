//! First keys, before the first value is sealed.

use std::collections::HashSet;

use serde::Serialize;
use uuid::Uuid;

use super::forge;
use crate::crypto::{KeyPurpose, KeyScope};
use crate::error::{Error, Kind, Result};
use crate::keys::reindex::searched;
use crate::keys::stored;
use crate::schema::{Schema, Scope, SearchScope};
use crate::session::{Executor, ServiceScope};
use crate::sql::cells;

/// What [`init`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Made {
    /// The scopes that got a key: `app`, or a tenant's id.
    pub made: Vec<String>,
    /// How many had one.
    pub present: usize,
}

/// Makes the application's own key, the one of its blind indexes if a model has any, and one for each tenant without one if `tenants` says so.
///
/// Scopes that have an active key are left alone, so a second call changes nothing; of two calls at once each scope gets
/// one key.
///
/// # Errors
///
/// [`is_key`](Error::is_key) when there is no provider, or it is out of reach.
pub async fn init(service: &ServiceScope, schema: &Schema, tenants: bool) -> Result<Made> {
    let provider = service.vault().provider()?;
    let mut scopes = vec![KeyScope::App];
    if tenants {
        scopes.extend(all_tenants(service, schema).await?.into_iter().map(KeyScope::Tenant));
    }
    let is_first = |key: &stored::Stored| key.is_active() && key.purpose() == KeyPurpose::Encrypt;
    let known: HashSet<KeyScope> =
        stored::all(service).await?.iter().filter(|key| is_first(key)).map(stored::Stored::scope).collect();
    let mut report = Made::default();
    if searched(schema, None).iter().any(|one| one.indexed.search.scope == SearchScope::App) {
        // A tenant's session cannot make it.
        let had = stored::active(service, KeyScope::App, KeyPurpose::Index).await?.is_some();
        service.vault().index_keys_to_write(service, KeyScope::App).await?;
        if had {
            report.present += 1;
        } else {
            report.made.push("app (index)".to_owned());
        }
    }
    for scope in scopes {
        if known.contains(&scope) {
            report.present += 1;
            continue;
        }
        let (key, wrapped) = forge(service, provider, scope, KeyPurpose::Encrypt).await?;
        // The unique index of active keys decides between two makers.
        if stored::insert(service, &key, provider, &wrapped).await? {
            report.made.push(scope.to_string());
        } else {
            report.present += 1;
        }
    }
    Ok(report)
}

async fn all_tenants(service: &ServiceScope, schema: &Schema) -> Result<Vec<Uuid>> {
    let table = schema.tables().find(|table| table.scope == Scope::Key).ok_or_else(|| {
        Error::new(Kind::Config, "no model is the tenant table").help("run `keys init` without --tenants")
    })?;
    let reply = service.run(cells::all_keys(table)).await?;
    reply.rows().map(|row| row.value(0)).collect()
}
