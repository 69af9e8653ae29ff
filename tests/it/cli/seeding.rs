//! `db seed`.

use super::Waygate;
use crate::support::{Login, TestDb};

/// How many rows each table of the models holds.
async fn counts(test: &TestDb) -> [u64; 6] {
    let mut counts = [0; 6];
    for (count, table) in counts.iter_mut().zip(waygate::models::SCHEMA.tables()) {
        *count = test.count(table.name).await;
    }
    counts
}

#[tokio::test]
async fn a_second_seed_changes_nothing_and_says_so() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls()).with_key();
    let first = waygate.reports(&["db", "seed"]);
    let inserted: Vec<_> = first["tables"].as_array().unwrap().iter().map(|one| one["inserted"].clone()).collect();
    assert_eq!(inserted, [1, 1, 5, 1, 1, 3]);
    assert_eq!(counts(&test).await, [1, 1, 5, 1, 1, 3]);
    let state = "SELECT string_agg(id || xmin::text, ',' ORDER BY id) FROM integrations";
    let before = test.value(Login::Service, state).await;
    let second = waygate.reports(&["db", "seed"]);
    let inserted: Vec<_> = second["tables"].as_array().unwrap().iter().map(|one| one["inserted"].clone()).collect();
    assert_eq!(inserted, [0; 6]);
    assert!(waygate.prints(&["db", "seed"]).contains("nothing to seed"));
    assert_eq!(counts(&test).await, [1, 1, 5, 1, 1, 3]);
    assert_eq!(test.value(Login::Service, state).await, before, "no row was written again");
}

#[tokio::test]
async fn what_was_deleted_comes_back() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls()).with_key();
    waygate.prints(&["db", "seed"]);
    test.rows_of(Login::Service, "DELETE FROM integrations").await;
    assert!(waygate.prints(&["db", "seed"]).contains("actions"));
    assert_eq!(counts(&test).await, [1, 1, 5, 1, 1, 3]);
}

#[tokio::test]
async fn other_tenants_data_is_not_seeded_beside_unless_forced() {
    let test = TestDb::new().await;
    test.tenant("customer").await;
    let waygate = Waygate::on(test.urls()).with_key();
    let error = waygate.fails(1, &["db", "seed"]);
    assert!(error.contains("--force"), "{error}");
    assert_eq!(counts(&test).await, [1, 0, 0, 0, 0, 0]);
    waygate.prints(&["db", "seed", "--force"]);
    assert_eq!(counts(&test).await, [2, 1, 5, 1, 1, 3]);
}

#[test]
fn a_server_elsewhere_is_not_seeded() {
    let waygate = Waygate::new()
        .with_key()
        .var("WAYGATE_APP_URL", "postgres://waygate_app@db.waygate.invalid/db")
        .var("WAYGATE_SERVICE_URL", "postgres://waygate_service@db.waygate.invalid/db");
    let error = waygate.fails(1, &["db", "seed"]);
    assert!(error.contains("--force") && error.contains("loopback"), "refused before it is reached: {error}");
}

#[tokio::test]
async fn keys_from_files_seal_what_is_seeded() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls()).var("WAYGATE_KEY_PROVIDER", "file");
    let error = waygate.fails(1, &["db", "seed"]);
    assert!(error.contains("WAYGATE_KEY_DIR"), "{error}");
    let folder = waygate.path("keys");
    let keys = waygate_db::FileKeys::create(&folder).unwrap();
    waygate.var("WAYGATE_KEY_DIR", folder.display().to_string()).prints(&["db", "seed"]);
    let wrapped = test.sql(Login::Owner, "SELECT DISTINCT provider, kek_id FROM waygate.data_keys").await.unwrap();
    let current = waygate_db::KeyProvider::current_kek(&keys);
    assert_eq!(wrapped, [[Some("file".to_owned()), Some(current.to_owned())]]);
}

#[tokio::test]
async fn without_a_key_the_seed_says_which_variable_to_set() {
    let test = TestDb::new().await;
    let error = Waygate::on(test.urls()).fails(1, &["db", "seed"]);
    assert!(error.contains("WAYGATE_KEK"), "{error}");
}

#[tokio::test]
async fn a_database_that_was_not_deployed_to_names_the_deploy() {
    let empty = crate::support::EmptyDb::new().await;
    let error = Waygate::on(empty.scratch.urls()).with_key().fails(1, &["db", "seed"]);
    assert!(error.contains("migrate"), "{error}");
}
