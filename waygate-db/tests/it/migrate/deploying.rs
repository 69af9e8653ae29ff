use std::sync::{Arc, Mutex};
use std::time::Duration;

use waygate_db::migrate::{DeployOptions, Embedded, Migration, MigrationState, Progress, deploy, status};

use super::database::{Database, QUICK, admin_config, client, three, told};

const THIRD: &str = "CREATE TABLE three (id int);";

#[tokio::test]
async fn a_second_deploy_changes_nothing() {
    let database = Database::create().await;
    let files = three(THIRD);
    let first = database.deploy(&files).await.unwrap();
    assert_eq!(first.applied.len(), 3);
    assert_eq!(database.tables().await, "one,three,two");
    let rows = "SELECT string_agg(m::text, ';' ORDER BY id) FROM waygate.migrations m";
    let before = (database.objects().await, database.text(rows).await);
    let second = database.deploy(&files).await.unwrap();
    assert!(second.applied.is_empty());
    assert_eq!(second.already_applied, 3);
    assert_eq!((database.objects().await, database.text(rows).await), before);
    database.drop().await;
}

#[tokio::test]
async fn the_ledger_belongs_to_the_owner_alone() {
    let database = Database::create().await;
    database.deploy(&three(THIRD)).await.unwrap();
    let owner = "SELECT relowner::regrole || ' ' || coalesce(relacl::text, '') FROM pg_class WHERE oid = 'waygate.migrations'::regclass";
    assert_eq!(database.text(owner).await, "waygate_owner {waygate_owner=arwdDxt/waygate_owner}");
    assert_eq!(database.text("SELECT DISTINCT applied_by FROM waygate.migrations").await, "waygate_migrator");
    assert_eq!(
        database.text("SELECT relowner::regrole FROM pg_class WHERE oid = 'one'::regclass").await,
        "waygate_owner"
    );
    database.drop().await;
}

#[tokio::test]
async fn a_failed_migration_leaves_those_before_it_and_no_trace_of_itself() {
    let database = Database::create().await;
    let broken = three("CREATE TABLE three (id int);\nCREATE TABLE  four (id nosuchtype);");
    let error = database.deploy(&broken).await.unwrap_err();
    assert!(error.is_migration_failed());
    assert_eq!(error.code(), Some("42704"));
    let told = told(&error);
    assert!(told.contains("migration 20250103000000_three failed at 20250103000000_three/up.sql:2:24"), "{told}");
    assert!(told.contains("applied before it, and kept: 20250101000000_one, 20250102000000_two"), "{told}");
    assert_eq!(database.tables().await, "one,two");
    assert_eq!(database.ledger().await, "20250101000000_one,20250102000000_two");
    // Nothing to resolve: with the file corrected, the next deploy goes on.
    let report = database.deploy(&three(THIRD)).await.unwrap();
    assert_eq!(report.applied.len(), 1);
    database.drop().await;
}

#[tokio::test]
async fn a_failed_first_migration_leaves_the_database_untouched() {
    let database = Database::create().await;
    let before = database.objects().await;
    let error = database.deploy(&[Migration::embedded("20250101000000_one", "SELECT 1/0", None)]).await.unwrap_err();
    assert!(error.is_migration_failed());
    assert_eq!(database.objects().await, before);
    database.drop().await;
}

#[tokio::test]
async fn a_violation_at_commit_is_a_failed_migration() {
    let database = Database::create().await;
    let files = three(
        "CREATE TABLE p (id int PRIMARY KEY);
         CREATE TABLE c (id int REFERENCES p DEFERRABLE INITIALLY DEFERRED);
         ALTER TABLE c DISABLE ROW LEVEL SECURITY;
         INSERT INTO c VALUES (424242);",
    );
    let error = database.deploy(&files).await.unwrap_err();
    assert!(error.is_migration_failed() && error.is_foreign_key_violation());
    assert!(!format!("{error:?}").contains("424242"));
    assert_eq!(database.tables().await, "one,two");
    database.drop().await;
}

#[tokio::test]
async fn an_error_never_quotes_a_value_of_a_row() {
    let database = Database::create().await;
    let casts = three(
        "CREATE TABLE t (a text); ALTER TABLE t DISABLE ROW LEVEL SECURITY; INSERT INTO t VALUES ('hunter2');
         ALTER TABLE t ALTER a TYPE int USING a::int;",
    );
    let error = database.deploy(&casts).await.unwrap_err();
    assert!(error.is_migration_failed() && error.is_invalid_value());
    let twice = three(
        "CREATE TABLE t (a text); ALTER TABLE t DISABLE ROW LEVEL SECURITY; INSERT INTO t VALUES ('hunter2'), ('hunter2');
         ALTER TABLE t ADD UNIQUE (a);",
    );
    let unique = database.deploy(&twice).await.unwrap_err();
    assert!(unique.is_unique_violation());
    for error in [error, unique] {
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    database.drop().await;
}

#[tokio::test]
async fn a_migration_starts_from_a_fresh_session() {
    let database = Database::create().await;
    let mut files = three("CREATE TABLE three (id int);");
    files[0] = Migration::embedded(
        "20250101000000_one",
        "CREATE TABLE one (id int); CREATE SCHEMA elsewhere; SET search_path = elsewhere; CREATE TEMP TABLE two (id int); \
         SET ROLE waygate_migrator;",
        None,
    );
    database.deploy(&files).await.unwrap();
    assert_eq!(database.tables().await, "one,three,two");
    assert_eq!(database.ledger().await.split(',').count(), 3);
    database.drop().await;
}

#[tokio::test]
async fn a_busy_table_is_tried_again() {
    let database = Database::create().await;
    let files = three("ALTER TABLE one ADD COLUMN name text;");
    database.deploy(&files[..2]).await.unwrap();
    let reader = client(&admin_config(&database)).await;
    reader.batch_execute("BEGIN; LOCK TABLE one IN ACCESS SHARE MODE").await.unwrap();
    let retried = Arc::new(Mutex::new(0));
    let count = Arc::clone(&retried);
    let mut conn = database.connect().await;
    let deployed = tokio::spawn(async move {
        deploy(&mut conn, &files, QUICK, &mut |progress: Progress<'_>| {
            if let Progress::Retrying { retry, .. } = progress {
                *count.lock().unwrap() = retry;
            }
        })
        .await
    });
    while *retried.lock().unwrap() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    reader.batch_execute("COMMIT").await.unwrap();
    assert_eq!(deployed.await.unwrap().unwrap().applied.len(), 1);
    database.drop().await;
}

#[tokio::test]
async fn a_table_that_stays_busy_is_a_failed_migration() {
    let database = Database::create().await;
    let files = three("ALTER TABLE one ADD COLUMN name text;");
    database.deploy(&files[..2]).await.unwrap();
    database.run("BEGIN; LOCK TABLE one IN ACCESS SHARE MODE").await;
    let error = database.deploy_with(&files, DeployOptions { retries: 1, ..QUICK }).await.unwrap_err();
    database.run("COMMIT").await;
    assert!(error.is_migration_failed());
    assert_eq!(error.code(), Some("55P03"));
    assert_eq!(database.ledger().await, "20250101000000_one,20250102000000_two");
    database.drop().await;
}

#[tokio::test]
async fn status_on_an_untouched_database_writes_nothing() {
    let database = Database::create().await;
    let before = database.objects().await;
    let conn = database.connect().await;
    let found = status(&conn, &three(THIRD)).await.unwrap();
    assert_eq!(found.pending(), 3);
    assert!(!found.is_current() && found.problem.is_none() && found.deploying.is_none());
    assert_eq!(database.objects().await, before);
    conn.close().await;
    database.drop().await;
}

#[tokio::test]
async fn status_tells_each_state() {
    let database = Database::create().await;
    let files = three(THIRD);
    database.deploy(&files).await.unwrap();
    let conn = database.connect().await;
    assert!(status(&conn, &files).await.unwrap().is_current());
    let changed = [
        Migration::embedded("20250101000000_one", "CREATE TABLE edited (id int);", None),
        Migration::embedded("20250102000001_late", "SELECT 1;", None),
    ];
    let found = status(&conn, &changed).await.unwrap();
    let states: Vec<_> = found.migrations.iter().map(|one| one.state).collect();
    let expected = [MigrationState::Edited, MigrationState::Missing, MigrationState::OutOfOrder, MigrationState::Newer];
    assert_eq!(states, expected);
    let problem = found.problem.unwrap();
    for id in ["20250101000000_one", "20250102000000_two", "20250102000001_late"] {
        assert!(problem.contains(id), "{problem}");
    }
    conn.close().await;
    database.drop().await;
}

#[tokio::test]
async fn the_embedded_folder_deploys() {
    static FILES: &Embedded = waygate_db::migrations!("tests/fixtures/migrations");
    let database = Database::create().await;
    assert_eq!(FILES[..], Migration::read_dir("tests/fixtures/migrations").unwrap());
    assert!(FILES[0].down().is_some() && FILES[1].down().is_none());
    database.deploy(FILES).await.unwrap();
    assert_eq!(database.tables().await, "children,parents");
    database.drop().await;
}
