//! Where only a person can tell: what broke off, what was edited, what came late.

use std::time::Duration;

use waygate_db::Result;
use waygate_db::migrate::{
    DeployOptions, Migration, MigrationState, Resolution, baseline, deploy, preview, resolve, status,
};

use super::database::{Database, QUICK, three, told};

const THIRD: &str = "CREATE TABLE three (id int);";

async fn decide(database: &Database, files: &[Migration], resolution: Resolution) -> Result<()> {
    let mut conn = database.connect().await;
    let result = resolve(&mut conn, files, &resolution, Duration::from_secs(10), &mut |_| {}).await;
    conn.close().await;
    result
}

fn one(up: &'static str) -> [Migration; 1] {
    [Migration::embedded("20250101000000_one", up, None)]
}

/// A statement that leaves nothing behind by which one could tell whether it ran.
const UNTRACEABLE: &str = "CREATE TABLE one (id int);
-- waygate:step autocommit
VACUUM one;
-- waygate:step tx
CREATE TABLE two (id int);";

/// Deploys until the third step, which fails, and leaves the ledger as a kill within the second one does.
async fn broken_off(database: &Database) {
    let failing = UNTRACEABLE.replace("CREATE TABLE two (id int);", "SELECT 1/0;");
    database.deploy(&one(failing.leak())).await.unwrap_err();
    database.run("DELETE FROM waygate.migration_steps WHERE step = 3").await;
    database.run("UPDATE waygate.migration_steps SET state = 'running', finished_at = NULL WHERE step = 2").await;
}

#[tokio::test]
async fn a_step_that_broke_off_without_a_trace_is_for_a_person_to_settle() {
    for (resolution, attempts) in [
        (Resolution::StepDone("20250101000000_one".to_owned(), 2), "2"),
        (Resolution::StepAgain("20250101000000_one".to_owned(), 2), "1"),
    ] {
        let database = Database::create().await;
        broken_off(&database).await;
        let error = database.deploy(&one(UNTRACEABLE)).await.unwrap_err();
        let text = told(&error);
        assert!(text.contains("step 2 of 20250101000000_one began and nobody knows whether it ended"), "{text}");
        assert!(text.contains("`migrate resolve --step 20250101000000_one:2=done`"), "{text}");
        decide(&database, &one(UNTRACEABLE), resolution).await.unwrap();
        database.deploy(&one(UNTRACEABLE)).await.unwrap();
        assert_eq!(database.tables().await, "one,two");
        let tries = "SELECT attempts FROM waygate.migration_steps WHERE step = 2";
        assert_eq!(database.text(tries).await, attempts);
        database.drop().await;
    }
}

#[tokio::test]
async fn settling_the_last_step_makes_the_migration_applied() {
    let database = Database::create().await;
    let files = one("CREATE TABLE one (id int);\n-- waygate:step autocommit\nSELECT 1/0;");
    database.deploy(&files).await.unwrap_err();
    decide(&database, &files, Resolution::StepDone(files[0].id().to_owned(), 2)).await.unwrap();
    assert_eq!(database.text("SELECT how FROM waygate.migrations").await, "resolve");
    assert!(database.deploy(&files).await.unwrap().applied.is_empty());
    database.drop().await;
}

#[tokio::test]
async fn an_index_of_somebody_else_is_never_taken_for_the_steps_own() {
    let database = Database::create().await;
    let files = one("CREATE TABLE one (a int, b int);
-- waygate:step autocommit
CREATE INDEX CONCURRENTLY one_idx ON one (a);");
    database.deploy(&one("CREATE TABLE one (a int, b int);\n-- waygate:step tx\nSELECT 1/0;")).await.unwrap_err();
    database.run("CREATE INDEX one_idx ON one (b)").await;
    for _ in 0..2 {
        let error = database.deploy(&files).await.unwrap_err();
        assert_eq!(error.code(), Some("42P07"), "{error}");
    }
    database.run("DROP INDEX one_idx").await;
    database.deploy(&files).await.unwrap();
    let on = "SELECT pg_get_indexdef('one_idx'::regclass) LIKE '%(a)'";
    assert_eq!(database.text(on).await, "t");
    database.drop().await;
}

#[tokio::test]
async fn a_half_done_backfill_that_was_edited_asks_how_it_goes_on() {
    const TABLE: &str =
        "CREATE TABLE one (id int PRIMARY KEY, n int NOT NULL DEFAULT 0); ALTER TABLE one DISABLE ROW LEVEL SECURITY;
INSERT INTO one SELECT generate_series(1, 30);\n";
    let with = |batch: i32, change: &str| -> [Migration; 1] {
        one(format!("{TABLE}-- waygate:step backfill table=one key=id batch={batch}\nUPDATE one SET n = n + {change} WHERE {{batch}};").leak())
    };
    let database = Database::create().await;
    // Fails in the third batch.
    database.deploy(&with(10, "1 / (25 - id)")).await.unwrap_err();
    let edited = with(10, "1");
    let error = database.deploy(&edited).await.unwrap_err();
    assert!(
        told(&error).contains("step 2 of 20250101000000_one was edited when part of its rows were done"),
        "{error}"
    );
    decide(&database, &edited, Resolution::Rehash(edited[0].id().to_owned())).await.unwrap();
    database.deploy(&edited).await.unwrap();
    // The last batch alone was left.
    assert_eq!(database.text("SELECT count(*) FROM one WHERE id > 20 AND n = 1").await, "10");
    assert_eq!(database.text("SELECT count(*) FROM one WHERE id <= 20 AND n > 1").await, "0");
    database.drop().await;
}

#[tokio::test]
async fn a_smaller_batch_goes_on_behind_the_larger_ones() {
    let database = Database::create().await;
    let with = |batch: i32| {
        one(format!(
            "CREATE TABLE one (id int PRIMARY KEY, n int NOT NULL DEFAULT 0); ALTER TABLE one DISABLE ROW LEVEL SECURITY;
INSERT INTO one SELECT generate_series(1, 30);
CREATE TABLE stop AS SELECT 25 AS at; ALTER TABLE stop DISABLE ROW LEVEL SECURITY;
-- waygate:step backfill table=one key=id batch={batch}
UPDATE one SET n = n + 1 / (CASE WHEN EXISTS (SELECT FROM stop WHERE at = id) THEN 0 ELSE 1 END) WHERE {{batch}};"
        )
        .leak())
    };
    database.deploy(&with(10)).await.unwrap_err();
    database.run("DELETE FROM stop").await;
    database.deploy(&with(3)).await.unwrap();
    assert_eq!(database.text("SELECT count(*) || ' ' || min(n) || ' ' || max(n) FROM one").await, "30 1 1");
    database.drop().await;
}

#[tokio::test]
async fn a_reworded_file_is_a_notice_until_it_is_taken_over() {
    let database = Database::create().await;
    database.deploy(&three(THIRD)).await.unwrap();
    let mut files = three(THIRD);
    files[1] = Migration::embedded("20250102000000_two", "-- the second\r\nCREATE TABLE\ttwo\n(id int);\n", None);
    let report = database.deploy(&files).await.unwrap();
    assert!(
        report.warnings[0].contains("20250102000000_two was edited after it was applied, in comments"),
        "{report:?}"
    );
    decide(&database, &files, Resolution::Rehash(files[1].id().to_owned())).await.unwrap();
    assert!(database.deploy(&files).await.unwrap().warnings.is_empty());
    // A change of what it does is taken over as well, when a person says so.
    files[1] = Migration::embedded("20250102000000_two", "CREATE TABLE two (id bigint);", None);
    assert!(database.deploy(&files).await.unwrap_err().is_migration_file());
    decide(&database, &files, Resolution::Rehash(files[1].id().to_owned())).await.unwrap();
    database.deploy(&files).await.unwrap();
    assert_eq!(
        database.text("SELECT up_sql FROM waygate.migrations WHERE id LIKE '%two'").await,
        "CREATE TABLE two (id bigint);"
    );
    database.drop().await;
}

#[tokio::test]
async fn a_late_migration_is_applied_when_that_is_allowed() {
    let database = Database::create().await;
    let mut files = three(THIRD);
    database.deploy(&files).await.unwrap();
    files.push(Migration::embedded("20250102120000_late", "CREATE TABLE late (id int);", None));
    let error = database.deploy(&files).await.unwrap_err();
    assert!(told(&error).contains("--allow-out-of-order"), "{error}");
    let report = database.deploy_with(&files, DeployOptions { allow_out_of_order: true, ..QUICK }).await.unwrap();
    assert_eq!(report.applied[0].id, "20250102120000_late");
    assert!(report.warnings[0].contains("20250102120000_late is applied after 20250103000000_three"), "{report:?}");
    assert!(database.deploy(&files).await.unwrap().warnings.is_empty());
    database.drop().await;
}

#[tokio::test]
async fn what_was_begun_is_ended_before_what_comes_late() {
    let half = |last: &str| {
        let up: &'static str = format!("CREATE TABLE half (id int);\n-- waygate:step tx\n{last};").leak();
        Migration::embedded("20250104000000_half", up, None)
    };
    let late = Migration::embedded("20250103120000_late", "CREATE TABLE late (id int);", None);
    let database = Database::create().await;
    let mut files = three(THIRD);
    files.push(half("SELECT 1/0"));
    database.deploy(&files).await.unwrap_err();
    // A branch brings an older one meanwhile.
    files[3] = half("CREATE TABLE whole (id int)");
    files.push(late.clone());
    let error = database.deploy(&files).await.unwrap_err();
    assert!(
        told(&error).contains("20250103120000_late is not applied, but 20250104000000_half, which is newer, is"),
        "{error}"
    );
    let report = database.deploy_with(&files, DeployOptions { allow_out_of_order: true, ..QUICK }).await.unwrap();
    assert_eq!(report.applied.len(), 2);
    assert_eq!(database.tables().await, "half,late,one,three,two,whole");

    // One that came late and failed half-way was allowed once.
    let database = Database::create().await;
    let mut files = three(THIRD);
    database.deploy(&files).await.unwrap();
    files.push(Migration::embedded(
        "20250102120000_late",
        "CREATE TABLE late (id int);\n-- waygate:step tx\nSELECT 1/0;",
        None,
    ));
    database.deploy_with(&files, DeployOptions { allow_out_of_order: true, ..QUICK }).await.unwrap_err();
    files[3] =
        Migration::embedded("20250102120000_late", "CREATE TABLE late (id int);\n-- waygate:step tx\nSELECT 1;", None);
    assert_eq!(database.deploy(&files).await.unwrap().applied[0].resumed_after, 1);
    database.drop().await;
}

#[tokio::test]
async fn what_was_done_or_undone_by_hand_is_noted() {
    let database = Database::create().await;
    let files = three(THIRD);
    database.deploy(&files[..2]).await.unwrap();
    database.run("CREATE TABLE three (id int); ALTER TABLE three OWNER TO waygate_owner").await;
    decide(&database, &files, Resolution::Applied(files[2].id().to_owned())).await.unwrap();
    assert!(database.deploy(&files).await.unwrap().applied.is_empty());
    let twice = decide(&database, &files, Resolution::Applied(files[2].id().to_owned())).await.unwrap_err();
    assert!(twice.is_migration_file() && twice.message().contains("20250103000000_three is applied"), "{twice}");

    database.run("DROP TABLE three").await;
    decide(&database, &files, Resolution::RolledBack(files[2].id().to_owned())).await.unwrap();
    assert_eq!(database.deploy(&files).await.unwrap().applied.len(), 1);
    assert_eq!(database.tables().await, "one,three,two");
    let unknown =
        decide(&database, &files, Resolution::RolledBack("20250109000000_nine".to_owned())).await.unwrap_err();
    assert!(unknown.is_migration_file(), "{unknown}");
    database.drop().await;
}

#[tokio::test]
async fn a_baseline_notes_and_runs_nothing() {
    let database = Database::create().await;
    database.run("CREATE TABLE one (id int); CREATE TABLE two (id int)").await;
    let files = three(THIRD);
    let mut conn = database.connect().await;
    let noted = baseline(&mut conn, &files, files[1].id(), Duration::from_secs(10), &mut |_| {}).await.unwrap();
    assert_eq!(noted, ["20250101000000_one", "20250102000000_two"]);
    assert_eq!(database.tables().await, "one,two");
    assert_eq!(database.text("SELECT DISTINCT how FROM waygate.migrations").await, "baseline");
    // The database is not empty, but it is known now.
    let report = deploy(&mut conn, &files, QUICK, &mut |_| {}).await.unwrap();
    assert_eq!((report.applied.len(), report.already_applied), (1, 2));
    let again = baseline(&mut conn, &files, files[2].id(), Duration::from_secs(10), &mut |_| {}).await.unwrap();
    assert!(again.is_empty());
    let unknown = baseline(&mut conn, &files, "20250109000000_nine", Duration::from_secs(10), &mut |_| {}).await;
    assert!(unknown.unwrap_err().is_migration_file());
    conn.close().await;
    database.drop().await;
}

#[tokio::test]
async fn a_preview_tells_every_step_and_writes_nothing() {
    let database = Database::create().await;
    let before = database.objects().await;
    let conn = database.connect().await;
    let files = one(UNTRACEABLE);
    let found = preview(&conn, &files, QUICK).await.unwrap();
    let steps: Vec<_> = found.pending[0]
        .steps
        .iter()
        .map(|step| (step.step, step.kind, step.state.as_str(), step.statements.join(";")))
        .collect();
    let expected = [
        (1, "tx", "pending", "CREATE TABLE one (id int)".to_owned()),
        (2, "autocommit", "pending", "VACUUM one".to_owned()),
        (3, "tx", "pending", "CREATE TABLE two (id int)".to_owned()),
    ];
    assert_eq!(steps, expected);
    assert_eq!(database.objects().await, before);
    database
        .deploy(&one(
            "CREATE TABLE one (id int);\n-- waygate:step autocommit\nVACUUM one;\n-- waygate:step tx\nSELECT 1/0;",
        ))
        .await
        .unwrap_err();
    let found = preview(&conn, &files, QUICK).await.unwrap();
    let states: Vec<_> = found.pending[0].steps.iter().map(|step| step.state.as_str()).collect();
    assert_eq!(states, ["done", "done", "failed"]);
    conn.close().await;
    database.drop().await;
}

#[tokio::test]
async fn a_ledger_of_an_earlier_version_is_brought_up_to_date() {
    let database = Database::create().await;
    let files = three(THIRD);
    database.deploy(&files[..2]).await.unwrap();
    database
        .run(
            "DROP TABLE waygate.migration_steps, waygate.schema_snapshot;
             ALTER TABLE waygate.migrations DROP COLUMN words, DROP COLUMN up_sql, DROP COLUMN how",
        )
        .await;
    let conn = database.connect().await;
    assert_eq!(status(&conn, &files).await.unwrap().migrations[0].state, MigrationState::Applied);
    conn.close().await;
    // The schema of the ledger is there, so no right on the database is needed.
    let name = database.text("SELECT current_database()").await;
    database.run(&format!("ALTER DATABASE {name} OWNER TO postgres; REVOKE ALL ON DATABASE {name} FROM waygate_owner; GRANT CREATE ON SCHEMA public TO waygate_owner")).await;
    assert_eq!(database.deploy(&files).await.unwrap().applied.len(), 1);
    let texts =
        "SELECT string_agg(up_sql || ' ' || how, ',' ORDER BY id) FROM waygate.migrations WHERE words IS NOT NULL";
    assert_eq!(
        database.text(texts).await,
        "CREATE TABLE one (id int); deploy,CREATE TABLE two (id int); deploy,CREATE TABLE three (id int); deploy"
    );
    database.drop().await;
}
