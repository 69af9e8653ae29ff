//! Tenants: written by the service, read and partly changed by themselves.

use serde_json::json;
use waygate::models::Tenant;
use waygate_db::{Json, Model};

use crate::support::{MARKER, Outcome, TestDb, random_hash, same};

#[tokio::test]
async fn the_service_creates_finds_changes_and_deletes_a_tenant() {
    let test = TestDb::new().await;
    let service = test.service();
    let hash = random_hash();
    let tenant = Tenant::create()
        .name("Acme")
        .email("acme@example.org")
        .waygate_api_key_hash(hash.as_str())
        .settings(json!({"rateLimit": 100}))
        .insert(&service)
        .await
        .unwrap();
    assert_eq!((tenant.name.as_str(), tenant.email.as_str()), ("Acme", "acme@example.org"));
    assert_eq!(tenant.waygate_api_key_hash, hash);
    assert_eq!(tenant.settings, Json(json!({"rateLimit": 100})));
    assert_eq!(tenant.created_at, tenant.updated_at);
    same(&Tenant::find(tenant.id, &service).await.unwrap().unwrap(), &tenant);

    Tenant::update(tenant.id).email("new@example.org").exec(&service).await.unwrap();
    let changed = tenant.patch().name("Acme Inc").save(&service).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.email.as_str()), ("Acme Inc", "new@example.org"));
    assert_eq!(changed.created_at, tenant.created_at);
    assert!(changed.updated_at > tenant.updated_at);

    assert!(Tenant::delete(tenant.id).exec(&service).await.unwrap());
    assert!(!Tenant::delete(tenant.id).exec(&service).await.unwrap(), "it is gone already");
    assert!(Tenant::find(tenant.id, &service).await.unwrap().is_none());
    assert!(Tenant::update(tenant.id).name("x").exec(&service).await.refused().is_not_found());
    assert!(changed.patch().name("x").save(&service).await.refused().is_not_found());
}

#[tokio::test]
async fn settings_are_an_empty_object_by_default() {
    let test = TestDb::new().await;
    assert_eq!(test.tenant_row("plain").await.settings, Json(json!({})));
}

#[tokio::test]
async fn a_tenant_sees_its_own_row_alone_and_changes_its_name_and_settings() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let seen = Tenant::query().all(&acme).await.unwrap();
    assert_eq!(seen.iter().map(|tenant| tenant.id).collect::<Vec<_>>(), [acme.id()]);
    assert!(Tenant::find(other.id(), &acme).await.unwrap().is_none());

    let changed = seen[0].patch().name("Acme Inc").settings(json!({"theme": "dark"})).save(&acme).await.unwrap();
    assert_eq!((changed.name.as_str(), &changed.settings), ("Acme Inc", &Json(json!({"theme": "dark"}))));
    assert!(Tenant::update(other.id()).name("taken over").exec(&acme).await.refused().is_not_found());
    assert_eq!(Tenant::query().one(&other).await.unwrap().name, "other");
}

#[tokio::test]
async fn a_tenant_changes_neither_its_email_nor_its_key() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let email = Tenant::update(acme.id()).email(MARKER).exec(&acme).await.refused();
    assert!(email.is_permission_denied(), "{email}");
    let key = Tenant::update(acme.id()).waygate_api_key_hash(MARKER).exec(&acme).await.refused();
    assert!(key.is_permission_denied(), "{key}");
}

#[tokio::test]
async fn email_and_key_are_unique_over_all_tenants() {
    let test = TestDb::new().await;
    let service = test.service();
    let create =
        |email: &str, hash: &str| Tenant::create().name("T").email(email).waygate_api_key_hash(hash).insert(&service);
    create(MARKER, "hash one").await.unwrap();
    let email = create(MARKER, "hash two").await.refused();
    assert!(email.is_unique_violation());
    assert_eq!((email.constraint(), email.table()), (Some("tenants_email_idx"), Some("tenants")));
    let key = create("two@example.org", "hash one").await.refused();
    assert!(key.is_unique_violation());
    assert_eq!(key.constraint(), Some("tenants_api_key_hash_idx"));
    create("three@example.org", "hash three").await.unwrap();
    let moved = Tenant::query().filter(|tenant| tenant.email.eq("three@example.org")).one(&service).await.unwrap();
    assert!(moved.patch().email(MARKER).save(&service).await.refused().is_unique_violation());
    assert_eq!(test.count("tenants").await, 2);
}
