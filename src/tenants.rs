//! The tenants as the service keeps them: made, listed, given another API key.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use waygate_db::cli::{KeyRotation, NewTenant, TenantSummary, Tenants};
use waygate_db::{ApiKey, Model, Result, ServiceScope, TenantId};

use crate::models::Tenant;

/// The tenants, for the command line.
pub const TENANTS: Tenants = Tenants {
    create: |service, tenant| Box::pin(create(tenant, service)),
    list: |service| Box::pin(list(service)),
    rotate_key: |service, rotation| Box::pin(rotate_key_of(rotation, service)),
};

/// Gives a tenant this key, and leaves the present one live for as long as `grace`; zero ends it at once. A key before
/// the present one ends now, whatever it was promised: two are live at most.
///
/// # Errors
///
/// [`is_not_found`](waygate_db::Error::is_not_found) when there is no such tenant; the connection's errors.
///
/// ```no_run
/// # use chrono::TimeDelta;
/// # use waygate_db::{ApiKey, Db, Result, TenantId};
/// # async fn example(db: Db, tenant: TenantId) -> Result<()> {
/// let key = ApiKey::generate()?;
/// let service = db.service("the tenant asked for another key");
/// waygate::tenants::rotate_key(tenant, &key, TimeDelta::days(7), &service).await?;
/// println!("{}", key.expose());
/// # Ok(())
/// # }
/// ```
pub async fn rotate_key(tenant: TenantId, key: &ApiKey, grace: TimeDelta, service: &ServiceScope) -> Result<Tenant> {
    replace_hash(tenant, key.hash(), grace, service).await
}

async fn replace_hash(tenant: TenantId, hash: String, grace: TimeDelta, service: &ServiceScope) -> Result<Tenant> {
    service
        .transaction(async |tx| {
            // It locks the row, so that the second of two rotations at once finds the first's key, and not the one
            // before it.
            let present = Tenant::update(tenant).previous_api_key_hash(None).previous_api_key_expires_at(None);
            present.exec(tx).await?;
            let present = Tenant::query().filter(|row| row.id.eq(tenant)).one(tx).await?;
            // By the server's clock, which the login goes by: the update has just set this time.
            let until = present.updated_at.checked_add_signed(grace).unwrap_or(DateTime::<Utc>::MAX_UTC);
            let stays_live = grace > TimeDelta::zero();
            let change = present
                .patch()
                .waygate_api_key_hash(hash)
                .previous_api_key_hash(stays_live.then(|| present.waygate_api_key_hash.clone()))
                .previous_api_key_expires_at(stays_live.then_some(until));
            change.save(tx).await
        })
        .await
}

async fn create(tenant: NewTenant, service: &ServiceScope) -> Result<TenantSummary> {
    let NewTenant { name, email, key_hash } = tenant;
    let tenant = Tenant::create().name(name).email(email).waygate_api_key_hash(key_hash).insert(service).await?;
    Ok(summary(tenant))
}

async fn list(service: &ServiceScope) -> Result<Vec<TenantSummary>> {
    let tenants = Tenant::query().order_by(|tenant| (tenant.created_at.asc(), tenant.id.asc())).all(service).await?;
    Ok(tenants.into_iter().map(summary).collect())
}

async fn rotate_key_of(rotation: KeyRotation, service: &ServiceScope) -> Result<Option<TenantSummary>> {
    let KeyRotation { tenant, key_hash, grace } = rotation;
    let Some(tenant) = find(&tenant, service).await? else { return Ok(None) };
    replace_hash(tenant.id, key_hash, grace, service).await.map(summary).map(Some)
}

/// The tenant with this id or email.
#[expect(clippy::disallowed_methods, reason = "an operator names the tenant; the service reaches all of them")]
async fn find(named: &str, service: &ServiceScope) -> Result<Option<Tenant>> {
    let tenants = Tenant::query();
    let found = match Uuid::try_parse(named) {
        Ok(uuid) => tenants.filter(|tenant| tenant.id.eq(TenantId::trust(uuid))),
        Err(_) => tenants.filter(|tenant| tenant.email.eq(named)),
    };
    found.optional(service).await
}

fn summary(tenant: Tenant) -> TenantSummary {
    let Tenant { id, name, email, created_at, previous_api_key_expires_at: previous_key_until, .. } = tenant;
    TenantSummary { id, name, email, created_at, previous_key_until }
}
