//! Files of several steps.

use std::sync::{Arc, Mutex};

use waygate_db::migrate::{DeployOptions, Migration, MigrationState, Progress, deploy, status};

use super::database::{Database, QUICK, admin_config, client, three, told};

/// Every kind of step, over a table with rows.
const EVERY_KIND: &str = "
CREATE TABLE word (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL, length int);
ALTER TABLE word DISABLE ROW LEVEL SECURITY;
INSERT INTO word (text) SELECT repeat('x', n % 7) FROM generate_series(1, 2500) n;
-- waygate:step autocommit
CREATE INDEX CONCURRENTLY word_text_idx ON word (text);
-- waygate:step backfill table=public.word key=id batch=400
UPDATE word SET length = length(text) WHERE length IS NULL AND {batch};
-- waygate:step tx lock_timeout=500ms
-- waygate:assert every word has its length
SELECT NOT EXISTS (SELECT FROM word WHERE length IS NULL);
ALTER TABLE word ALTER COLUMN length SET NOT NULL;
";

fn fourth(up: &'static str) -> Vec<Migration> {
    let mut files = three("CREATE TABLE three (id int);");
    files.push(Migration::embedded("20250104000000_four", up, None));
    files
}

#[tokio::test]
async fn every_kind_of_step_is_applied_in_its_order() {
    let database = Database::create().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let mut conn = database.connect().await;
    let mut watch = |progress: Progress<'_>| match progress {
        Progress::Step { step, kind, .. } => told.lock().unwrap().push(format!("{step} {kind}")),
        Progress::Backfilling { seen, changed, .. } => told.lock().unwrap().push(format!("{seen} {changed}")),
        _ => {}
    };
    let report = deploy(&mut conn, &fourth(EVERY_KIND), QUICK, &mut watch).await.unwrap();
    let applied = report.applied.last().unwrap();
    assert_eq!((applied.steps, applied.resumed_after), (4, 0));
    let batches = ["400 400", "800 800", "1200 1200", "1600 1600", "2000 2000", "2400 2400", "2500 2500"];
    let mut expected = vec!["1 tx", "2 autocommit", "3 backfill"];
    expected.extend(batches);
    expected.push("4 tx");
    assert_eq!(*seen.lock().unwrap(), expected);
    let steps = "SELECT string_agg(step || ' ' || kind || ' ' || state, ',' ORDER BY step) FROM waygate.migration_steps WHERE id LIKE '%four'";
    assert_eq!(database.text(steps).await, "1 tx done,2 autocommit done,3 backfill done,4 tx done");
    assert_eq!(database.text("SELECT count(*) FROM word WHERE length = length(text)").await, "2500");
    assert_eq!(database.deploy(&fourth(EVERY_KIND)).await.unwrap().applied.len(), 0);
    conn.close().await;
    database.drop().await;
}

#[tokio::test]
async fn a_failed_step_keeps_those_before_it_and_goes_on_when_corrected() {
    let database = Database::create().await;
    let broken = "CREATE TABLE four (id int);\n-- waygate:step tx\nCREATE TABLE five (id nosuchtype);";
    let error = database.deploy(&fourth(broken)).await.unwrap_err();
    let text = told(&error);
    assert!(
        text.contains("step 2 of migration 20250104000000_four failed at 20250104000000_four/up.sql:3:23"),
        "{text}"
    );
    assert!(text.contains("of 20250104000000_four itself step 1 of 2 stand"), "{text}");
    let conn = database.connect().await;
    let files = fourth(broken);
    let found = status(&conn, &files).await.unwrap();
    let last = found.migrations.last().unwrap();
    assert_eq!(last.state, MigrationState::Partial);
    assert_eq!(found.pending(), 1);
    let states: Vec<_> = last.steps.iter().map(|step| step.state.as_str()).collect();
    assert_eq!(states, ["done", "failed"]);
    assert_eq!(last.steps[1].sqlstate.as_deref(), Some("42704"));
    assert_eq!(last.steps[1].error.as_deref(), Some(r#"type "nosuchtype" does not exist (SQLSTATE 42704)"#));
    let corrected = "CREATE TABLE four (id int);\n-- waygate:step tx\nCREATE TABLE five (id int);";
    let report = database.deploy(&fourth(corrected)).await.unwrap();
    assert_eq!(report.applied[0].resumed_after, 1);
    assert_eq!(database.tables().await, "five,four,one,three,two");
    conn.close().await;
    database.drop().await;
}

#[tokio::test]
async fn a_done_step_that_was_edited_is_refused() {
    let database = Database::create().await;
    let broken = "CREATE TABLE four (id int);\n-- waygate:step tx\nSELECT 1/0;";
    database.deploy(&fourth(broken)).await.unwrap_err();
    let edited = "CREATE TABLE four (id bigint);\n-- waygate:step tx\nSELECT 1;";
    let error = database.deploy(&fourth(edited)).await.unwrap_err();
    assert!(error.is_migration_file());
    assert!(told(&error).contains("step 1 of 20250104000000_four was edited after it was applied"), "{error}");
    // A comment in it is no edit.
    let reworded = "-- four\nCREATE TABLE four (id int);\n-- waygate:step tx\nSELECT 1;";
    database.deploy(&fourth(reworded)).await.unwrap();
    database.drop().await;
}

#[tokio::test]
async fn an_assert_that_does_not_hold_stops_its_step() {
    let database = Database::create().await;
    let asserting = "CREATE TABLE four AS SELECT 1 AS a;\nALTER TABLE four DISABLE ROW LEVEL SECURITY;
-- waygate:step tx
-- waygate:assert nothing is in four
SELECT NOT EXISTS (SELECT FROM four);
DROP TABLE four;";
    let error = database.deploy(&fourth(asserting)).await.unwrap_err();
    let text = told(&error);
    assert!(text.contains("20250104000000_four/up.sql:5:1 asserts that nothing is in four"), "{text}");
    assert_eq!(database.tables().await, "four,one,three,two");
    database.run("DELETE FROM four").await;
    database.deploy(&fourth(asserting)).await.unwrap();
    assert_eq!(database.tables().await, "one,three,two");
    database.drop().await;
}

#[tokio::test]
async fn a_broken_index_is_built_anew() {
    let database = Database::create().await;
    let files = fourth(
        "CREATE TABLE four (a int); ALTER TABLE four DISABLE ROW LEVEL SECURITY; INSERT INTO four VALUES (1), (1);
-- waygate:step autocommit
CREATE UNIQUE INDEX CONCURRENTLY four_a_idx ON four (a);",
    );
    let error = database.deploy(&files).await.unwrap_err();
    assert!(error.is_migration_failed() && error.is_unique_violation(), "{error:?}");
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    assert_eq!(database.text(invalid).await, "1");
    database.run("DELETE FROM four WHERE ctid = (SELECT min(ctid) FROM four)").await;
    database.deploy(&files).await.unwrap();
    assert_eq!(database.text(invalid).await, "0");
    let index = "SELECT indisunique FROM pg_index WHERE indexrelid = 'four_a_idx'::regclass";
    assert_eq!(database.text(index).await, "t");
    database.drop().await;
}

#[tokio::test]
async fn an_enum_value_added_by_itself_can_be_used_in_the_next_step() {
    let database = Database::create().await;
    let files = fourth(
        "CREATE TYPE mood AS ENUM ('ok');
-- waygate:step autocommit
ALTER TYPE mood ADD VALUE 'it''s great' AFTER 'ok';
-- waygate:step tx
CREATE TABLE four (mood mood DEFAULT 'it''s great');",
    );
    database.deploy(&files).await.unwrap();
    database.drop().await;
}

#[tokio::test]
async fn who_holds_a_table_is_told() {
    let database = Database::create().await;
    let files = fourth("ALTER TABLE one ADD COLUMN name text;");
    database.deploy(&files[..3]).await.unwrap();
    let holder = client(&admin_config(&database)).await;
    holder
        .batch_execute("SET application_name = 'the holder'; BEGIN; LOCK TABLE one IN ACCESS SHARE MODE")
        .await
        .unwrap();
    let pid = database.text("SELECT pid FROM pg_stat_activity WHERE application_name = 'the holder'").await;
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut conn = database.connect().await;
    let deployed = tokio::spawn(async move {
        let patient = DeployOptions { lock_timeout: std::time::Duration::from_secs(30), ..QUICK };
        let mut watch = |progress: Progress<'_>| {
            if let Progress::Blocked { blockers, .. } = progress {
                sender.send(blockers[0].clone()).unwrap();
            }
        };
        deploy(&mut conn, &files, patient, &mut watch).await
    });
    let blocker = told.recv().await.unwrap();
    // What another login's session does, the server tells those alone who may read all statistics.
    assert_eq!(blocker.pid.to_string(), pid);
    holder.batch_execute("COMMIT").await.unwrap();
    deployed.await.unwrap().unwrap();
    database.drop().await;
}

#[tokio::test]
async fn the_build_of_an_index_is_told_while_it_goes_on() {
    let database = Database::create().await;
    let files = fourth("-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY one_id_idx ON one (id);");
    database.deploy(&files[..3]).await.unwrap();
    let older = client(&admin_config(&database)).await;
    older.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1").await.unwrap();
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut conn = database.connect().await;
    let deployed = tokio::spawn(async move {
        let mut watch = |progress: Progress<'_>| {
            if let Progress::Building { phase, .. } = progress {
                sender.send(phase.to_owned()).unwrap();
            }
        };
        deploy(&mut conn, &files, QUICK, &mut watch).await
    });
    assert_eq!(told.recv().await.unwrap(), "waiting for old snapshots");
    older.batch_execute("COMMIT").await.unwrap();
    deployed.await.unwrap().unwrap();
    assert_eq!(database.text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_id_idx'::regclass").await, "t");
    database.drop().await;
}

#[test]
fn every_misuse_of_a_step_names_its_place() {
    let cases = [
        ("-- waygate:step tx2\nSELECT 1;", ":1:1: `step tx2` is not known"),
        ("-- waygate:stepp tx\nSELECT 1;", ":1:1: `stepp` is not known"),
        ("-- waygate:step autocommit\nSELECT 1; SELECT 2;", ":2:11: a second statement"),
        ("SELECT 1;\n-- waygate:step autocommit\n", ":3:1: a step without a statement"),
        ("CREATE INDEX CONCURRENTLY i ON t (a);", ":1:1: a statement that cannot run in a transaction"),
        ("VACUUM t;", ":1:1: a statement that cannot run in a transaction"),
        ("-- waygate:step backfill table=t key=id\nUPDATE t SET a = 1;", ":2:1: a backfill without {batch}"),
        ("-- waygate:step backfill table=t\nUPDATE t SET a = 1;", ":1:1: a backfill needs its table and the key"),
        ("-- waygate:step backfill table=t;drop key=id\nUPDATE t", ":1:1: `table=t;drop` is not understood"),
        ("-- waygate:step backfill table=t key=id batch=0\nUPDATE t", ":1:1: `batch` is a number"),
        ("-- waygate:assert it holds\nDELETE FROM t;", ":1:1: an assert without its SELECT"),
        ("-- waygate:assert\nSELECT true;", ":1:1: `assert` does not say what holds"),
        ("SELECT\n-- waygate:step tx\n1;", ":2:1: a line for the runner within a statement"),
        ("\\connect other", ":1:1: a command of psql"),
        (
            "CREATE TABLE a123456789012345678901234567890123456789012345678901234567890123 ()",
            ":1:14: a name of 64 bytes",
        ),
        ("COPY t FROM STDIN;", ":1:1: COPY FROM STDIN"),
    ];
    for (up, expected) in cases {
        let error = Migration::embedded("20250101000000_one", up, None).check().unwrap_err();
        assert!(error.is_migration_file() && error.advice().is_some());
        assert!(error.message().contains(expected), "{up}: {error}");
    }
}

#[test]
fn what_only_looks_like_a_line_for_the_runner_is_left_alone() {
    for up in [
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n-- waygate:nonsense\n$$;",
        "SELECT '\n-- waygate:nonsense\n';",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);",
        "-- a comment of ours: waygate:nonsense\nSELECT 1;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;",
    ] {
        Migration::embedded("20250101000000_one", up, None).check().unwrap();
    }
}
