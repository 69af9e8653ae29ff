//! What goes when a parent goes, and what stays.

use waygate::models::{Action, Integration, Tenant};
use waygate_db::Model;

use crate::support::{Rows, TestDb};

/// How many rows each of the six tables holds.
async fn counts(test: &TestDb, rows: &Rows) -> Vec<u64> {
    let mut counts = Vec::new();
    for (table, _) in rows.keys() {
        counts.push(test.count(table).await);
    }
    counts
}

#[tokio::test]
async fn deleting_a_tenant_takes_all_its_rows_and_no_others() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    assert_eq!(counts(&test, &acme).await, [2; 6]);
    assert!(Tenant::delete(acme.tenant.id).exec(&test.service()).await.unwrap());
    assert_eq!(counts(&test, &acme).await, [1; 6]);
    for (table, key) in other.keys() {
        let left = test.value(crate::support::Login::Service, &format!("SELECT id FROM {table}")).await;
        assert_eq!(left, key.to_string(), "{table}");
    }
}

#[tokio::test]
async fn deleting_an_integration_takes_what_hangs_on_it() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    assert!(Integration::delete(acme.integration.id).exec(&acme.scope).await.unwrap());
    assert_eq!(counts(&test, &acme).await, [2, 1, 1, 1, 1, 1]);
}

#[tokio::test]
async fn deleting_an_action_takes_its_mappings_and_logs() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    assert!(Action::delete(acme.action.id).exec(&acme.scope).await.unwrap());
    assert_eq!(counts(&test, &acme).await, [2, 2, 1, 2, 1, 1]);
}
