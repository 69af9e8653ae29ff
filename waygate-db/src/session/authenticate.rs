//! From an API key or a token to its tenant's handle.

use uuid::Uuid;

use super::{Db, Executor, TenantScope};
use crate::api_key::ApiKey;
use crate::error::Result;
#[cfg(feature = "supabase")]
use crate::error::{Error, Kind};
use crate::sql::Statement;
use crate::value::{Param, TenantId};

impl Db {
    /// The handle of the tenant whose API key this is, or whose key it was before a rotation and still is for a while;
    /// `None` when it is nobody's. One round trip, without a tenant being set.
    ///
    /// Only the key's hash travels, and nothing says whether a key was ever known.
    ///
    /// # Errors
    ///
    /// [`is_undefined_object`](crate::Error::is_undefined_object) when no model of the deployed schema has a
    /// `#[model(login)]`; the connection's errors.
    ///
    /// ```no_run
    /// # use waygate_db::{ApiKey, Db, Result, TenantScope};
    /// /// The tenant of a request, if its `Authorization` shows a key that opens the door.
    /// async fn tenant(db: &Db, shown: &str) -> Result<Option<TenantScope>> {
    ///     let Ok(key) = shown.parse::<ApiKey>() else { return Ok(None) };
    ///     db.tenant_for_key(&key).await
    /// }
    /// ```
    #[expect(clippy::disallowed_methods, reason = "this is the authentication: the database vouches for the tenant")]
    pub async fn tenant_for_key(&self, key: &ApiKey) -> Result<Option<TenantScope>> {
        let lookup = Statement::read("SELECT waygate.tenant_for_key($1)", vec![Param::of(&key.hash())?]);
        let found: Option<Uuid> = self.run(lookup).await?.one()?.value(0)?;
        Ok(found.map(|tenant| self.tenant(TenantId::trust(tenant))))
    }

    /// The handle of the tenant that a token names, once the token is verified. On Supabase its statements carry the
    /// token's claims, so that policies of your own can read them too.
    ///
    /// # Errors
    ///
    /// [`is_unauthenticated`](crate::Error::is_unauthenticated) when the token is not accepted or names no tenant,
    /// [`is_config`](crate::Error::is_config) when the configuration has nobody to verify it.
    ///
    /// ```no_run
    /// # use waygate_db::{Db, Result, TenantScope};
    /// /// The tenant of a request, by its `Authorization: Bearer …`.
    /// fn tenant(db: &Db, header: &str) -> Result<TenantScope> {
    ///     db.claims(header.strip_prefix("Bearer ").unwrap_or_default())
    /// }
    /// ```
    #[cfg(feature = "supabase")]
    pub fn claims(&self, token: &str) -> Result<TenantScope> {
        let claims = self.tokens()?.verify(token)?;
        let tenant = claims.tenant().ok_or_else(|| {
            Error::new(Kind::Unauthenticated, "the token is a visitor's and names no tenant")
                .help("log in; what everyone may read, read with `db.anon()`")
        })?;
        Ok(TenantScope::of_holder(self.clone(), tenant, claims.json().into()))
    }
}
