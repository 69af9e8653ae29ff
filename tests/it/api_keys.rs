//! API keys: which of them open a tenant's door, and for how long.

use chrono::TimeDelta;
use waygate::models::{Integration, Tenant};
use waygate::seed;
use waygate::tenants::rotate_key;
use waygate_db::{ApiKey, Model, TenantId};

use crate::support::{Login, Outcome, TestDb, integration, trusted};

/// A new tenant, and its key.
async fn tenant(test: &TestDb, name: &str) -> (Tenant, ApiKey) {
    let key = ApiKey::generate().unwrap();
    let email = format!("{name}@example.org");
    let tenant = Tenant::create().name(name).email(email).waygate_api_key_hash(key.hash());
    (tenant.insert(&test.service()).await.unwrap(), key)
}

/// The tenant whose key this is.
async fn whose(test: &TestDb, key: &ApiKey) -> Option<TenantId> {
    test.db.tenant_for_key(key).await.unwrap().map(|scope| scope.id())
}

#[tokio::test]
async fn a_key_gives_a_handle_for_its_own_tenants_data_alone() {
    let test = TestDb::new().await;
    let ((acme, key), (other, _)) = (tenant(&test, "acme").await, tenant(&test, "other").await);
    integration("theirs", &test.db.tenant(other.id)).await.unwrap();
    let scope = test.db.tenant_for_key(&key).await.unwrap().unwrap();
    assert_eq!(scope.id(), acme.id);
    integration("mine", &scope).await.unwrap();
    let seen = Integration::query().all(&scope).await.unwrap();
    assert_eq!(seen.iter().map(|one| one.slug.as_str()).collect::<Vec<_>>(), ["mine"]);
}

#[tokio::test]
async fn nobodys_key_is_none_and_a_tenants_hash_is_no_key() {
    let test = TestDb::new().await;
    tenant(&test, "acme").await;
    assert_eq!(whose(&test, &ApiKey::generate().unwrap()).await, None);
    let hash = test.value(Login::Service, "SELECT waygate_api_key_hash FROM tenants").await;
    assert!(ApiKey::parse(&hash).refused().is_invalid_api_key());
}

#[tokio::test]
async fn the_development_key_opens_the_door_to_the_seeds_tenant() {
    let test = TestDb::new().await;
    seed::run(&test.db).await.unwrap();
    assert_eq!(whose(&test, &seed::API_KEY.parse().unwrap()).await, Some(seed::tenant_id()));
}

#[tokio::test]
async fn a_deleted_tenants_key_opens_nothing() {
    let test = TestDb::new().await;
    let (acme, key) = tenant(&test, "acme").await;
    assert_eq!(whose(&test, &key).await, Some(acme.id));
    Tenant::delete(acme.id).exec(&test.service()).await.unwrap();
    assert_eq!(whose(&test, &key).await, None);
}

#[tokio::test]
async fn trouble_with_the_database_is_an_error_and_not_an_unknown_key() {
    let test = TestDb::new().await;
    let (_, key) = tenant(&test, "acme").await;
    test.rows_of(Login::Owner, "ALTER FUNCTION waygate.tenant_for_key(text) RENAME TO gone").await;
    assert!(test.db.tenant_for_key(&key).await.refused().is_undefined_object());
    test.db.close();
    assert!(test.db.tenant_for_key(&key).await.refused().is_closed());
}

#[tokio::test]
async fn of_rotations_at_once_none_loses_the_key_that_another_has_just_given() {
    let test = TestDb::new().await;
    let (acme, _) = tenant(&test, "acme").await;
    let keys: Vec<ApiKey> = (0..4).map(|_| ApiKey::generate().unwrap()).collect();
    let services: Vec<_> = keys.iter().map(|_| test.service()).collect();
    let rotations =
        keys.iter().zip(&services).map(|(key, service)| rotate_key(acme.id, key, TimeDelta::hours(1), service));
    let rotated = futures_util::future::try_join_all(rotations).await.unwrap();
    // In the order in which they took effect each names the one before it, so all but the last are somebody's previous.
    let mut previous: Vec<String> = rotated.into_iter().filter_map(|row| row.previous_api_key_hash).collect();
    previous.push(Tenant::query().one(&test.service()).await.unwrap().waygate_api_key_hash);
    let mut given: Vec<String> = keys.iter().map(ApiKey::hash).collect();
    given.push(acme.waygate_api_key_hash);
    previous.sort();
    given.sort();
    assert_eq!(previous, given);
}

#[tokio::test]
async fn a_rotation_takes_any_grace_and_needs_a_tenant() {
    let test = TestDb::new().await;
    let (acme, first) = tenant(&test, "acme").await;
    let (service, second) = (test.service(), ApiKey::generate().unwrap());
    let rotated = rotate_key(acme.id, &second, TimeDelta::MAX, &service).await.unwrap();
    assert!(rotated.previous_api_key_expires_at.unwrap() > rotated.updated_at);
    assert_eq!((whose(&test, &first).await, whose(&test, &second).await), (Some(acme.id), Some(acme.id)));
    let third = ApiKey::generate().unwrap();
    let rotated = rotate_key(acme.id, &third, TimeDelta::MIN, &service).await.unwrap();
    assert_eq!((rotated.previous_api_key_hash, rotated.previous_api_key_expires_at), (None, None));
    assert_eq!((whose(&test, &second).await, whose(&test, &third).await), (None, Some(acme.id)));
    let nobody = rotate_key(trusted(uuid::Uuid::new_v4()), &first, TimeDelta::zero(), &service).await;
    assert!(nobody.refused().is_not_found());
}
