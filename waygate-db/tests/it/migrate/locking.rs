use std::time::Duration;

use waygate_db::migrate::{DeployOptions, Progress, deploy, status};

use super::database::{Database, QUICK, three, told};

const SLOW: &str = "CREATE TABLE three (id int); SELECT pg_sleep(60);";
const SLEEPS: &str =
    "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
const END_IT: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

#[tokio::test]
async fn concurrent_deploys_apply_each_migration_once() {
    let database = Database::create().await;
    let files = three("SELECT pg_sleep(0.2); CREATE TABLE three (id int);");
    let deploys = futures_util::future::join_all((0..4).map(|_| database.deploy(&files))).await;
    let applied: usize = deploys.into_iter().map(|report| report.unwrap().applied.len()).sum();
    assert_eq!(applied, 3);
    assert_eq!(database.ledger().await.split(',').count(), 3);
    database.drop().await;
}

#[tokio::test]
async fn a_killed_deploy_leaves_nothing_and_frees_the_lock() {
    let database = Database::create().await;
    let mut conn = database.connect().await;
    let files = three(SLOW);
    let killed = tokio::spawn(async move { deploy(&mut conn, &files, QUICK, &mut |_: Progress<'_>| {}).await });
    database.wait_until(SLEEPS).await;
    database.run(END_IT).await;
    let error = killed.await.unwrap().unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert!(told(&error).contains("20250103000000_three"));
    assert_eq!(database.tables().await, "one,two");
    database.deploy(&three("CREATE TABLE three (id int);")).await.unwrap();
    database.drop().await;
}

#[tokio::test]
async fn a_dropped_deploy_is_rolled_back_within_seconds() {
    let database = Database::create().await;
    let mut conn = database.connect().await;
    let files = three(SLOW);
    let dropped = tokio::spawn(async move { deploy(&mut conn, &files, QUICK, &mut |_: Progress<'_>| {}).await });
    database.wait_until(SLEEPS).await;
    dropped.abort();
    let started = std::time::Instant::now();
    database.deploy(&three("CREATE TABLE three (id int);")).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(10));
    database.drop().await;
}

#[tokio::test]
async fn a_deploy_that_waits_too_long_names_the_holder() {
    let database = Database::create().await;
    let mut conn = database.connect().await;
    let files = three(SLOW);
    let holding = tokio::spawn(async move { deploy(&mut conn, &files, QUICK, &mut |_: Progress<'_>| {}).await });
    database.wait_until(SLEEPS).await;
    let watcher = database.connect().await;
    let holder = status(&watcher, &three(SLOW)).await.unwrap().deploying.unwrap();
    assert!(holder.connected_seconds.is_some());
    let options = DeployOptions { lock_wait: Duration::from_millis(300), ..QUICK };
    let error = database.deploy_with(&three(SLOW), options).await.unwrap_err();
    assert!(error.is_migration_locked());
    let told = told(&error);
    assert!(told.contains(&format!("pid {}, \"waygate tests\", connected for", holder.pid)), "{told}");
    database.run(END_IT).await;
    assert!(holding.await.unwrap().is_err());
    database.drop().await;
}

#[tokio::test]
async fn a_migration_that_loses_the_lock_is_rolled_back() {
    let database = Database::create().await;
    let files = three("CREATE TABLE three (id int); SELECT pg_advisory_unlock_all();");
    let error = database.deploy(&files).await.unwrap_err();
    assert!(error.is_migration_failed());
    assert!(told(&error).contains("lock was lost"));
    assert_eq!(database.tables().await, "one,two");
    database.drop().await;
}

#[tokio::test]
async fn a_finished_deploy_leaves_no_lock_behind() {
    let database = Database::create().await;
    let mut conn = database.connect().await;
    for third in ["CREATE TABLE three (nonsense);", "CREATE TABLE three (id int);"] {
        let report = deploy(&mut conn, &three(third), QUICK, &mut |_: Progress<'_>| {}).await;
        assert!(report.is_ok_and(|report| report.warnings.is_empty()) || third.contains("nonsense"));
        assert_eq!(database.text("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND datname = current_database() WHERE locktype = 'advisory'").await, "0");
    }
    conn.close().await;
    database.drop().await;
}
