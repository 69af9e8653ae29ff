//! `migrate deploy --dry-run`, `status` of what broke off, `resolve`, `baseline` and `squash`.

use std::fs;

use serde_json::{Value, json};

use super::Waygate;
use crate::support::{EmptyDb, Login};

const FOLDER: &str = "migrations";
const FIRST: &str = "20250101000000_first";
const SECOND: &str = "20250102000000_second";
/// Whatever a `VACUUM` does, nobody can look for it afterwards.
const STEPS: &str = "CREATE TABLE second (id int); ALTER TABLE second DISABLE ROW LEVEL SECURITY;
-- waygate:step autocommit
VACUUM second;
-- waygate:step tx
-- waygate:assert second is filled
SELECT EXISTS (SELECT FROM second);
ALTER TABLE second ADD COLUMN name text;
";

/// A binary with two migrations in a folder.
fn project(empty: &EmptyDb) -> Waygate {
    let waygate = Waygate::on(empty.scratch.urls());
    write(&waygate, FIRST, "CREATE TABLE first (id int PRIMARY KEY, mood text DEFAULT 'ok');\n");
    write(&waygate, SECOND, STEPS);
    waygate
}

fn write(waygate: &Waygate, id: &str, up: &str) {
    let folder = waygate.path(FOLDER).join(id);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("up.sql"), up).unwrap();
}

fn migrate<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["migrate"], arguments, &["--dir", FOLDER]].concat()
}

#[tokio::test]
async fn a_dry_run_prints_every_step_and_writes_nothing() {
    let empty = EmptyDb::new().await;
    let waygate = project(&empty);
    let printed = waygate.prints(&migrate(&["deploy", "--dry-run"]));
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(
        lines,
        [
            FIRST,
            "  step 1 (tx)",
            "    CREATE TABLE first (id int PRIMARY KEY, mood text DEFAULT 'ok')",
            SECOND,
            "  step 1 (tx)",
            "    CREATE TABLE second (id int)",
            "    ALTER TABLE second DISABLE ROW LEVEL SECURITY",
            "  step 2 (autocommit)",
            "    VACUUM second",
            "  step 3 (tx)",
            "    asserts that second is filled",
            "    ALTER TABLE second ADD COLUMN name text",
            "nothing was written: this was a dry run",
        ]
    );
    let report = waygate.reports(&migrate(&["deploy", "--dry-run"]));
    assert_eq!(
        report["pending"][1]["steps"][1],
        json!({"step": 2, "kind": "autocommit", "state": "pending", "asserts": [], "statements": ["VACUUM second"]})
    );
    let made = "SELECT to_regclass('first'), to_regclass('waygate.migrations')";
    assert_eq!(empty.sql(Login::Owner, made).await.unwrap(), [[None, None]]);
}

#[tokio::test]
async fn what_broke_off_is_shown_and_settled() {
    let empty = EmptyDb::new().await;
    let waygate = project(&empty);
    let error = waygate.fails(1, &migrate(&["deploy"]));
    assert!(error.contains("asserts that second is filled") && error.contains("steps 1 to 2 of 3 stand"), "{error}");
    let status = waygate.run(&migrate(&["status"]));
    assert_eq!(status.code, 3, "{}", status.stdout);
    assert!(status.stdout.contains(&format!("{SECOND}, step 2 (autocommit): done")), "{}", status.stdout);
    assert!(status.stdout.contains("step 3 (tx): failed: second is filled"), "{}", status.stdout);
    let reported: Value = serde_json::from_str(&waygate.run(&migrate(&["status", "--json"])).stdout).unwrap();
    assert_eq!(reported["migrations"][1]["state"], "partial");
    assert_eq!(reported["migrations"][1]["steps"][2]["state"], "failed");

    // As a kill within the second step leaves it.
    let killed = "UPDATE waygate.migration_steps SET state = 'running', finished_at = NULL WHERE step = 2;
        DELETE FROM waygate.migration_steps WHERE step = 3; INSERT INTO second VALUES (1)";
    empty.sql(Login::Owner, killed).await.unwrap();
    let error = waygate.fails(1, &migrate(&["deploy"]));
    let way_on = format!("migrate resolve --step {SECOND}:2=done");
    assert!(error.contains("nobody knows whether it ended") && error.contains(&way_on), "{error}");
    let step = format!("{SECOND}:2=done");
    let noted = waygate.prints(&migrate(&["resolve", "--step", &step]));
    assert_eq!(noted.trim_end(), "noted; 1 pending: run `migrate deploy`");
    let report = waygate.reports(&migrate(&["deploy"]));
    assert_eq!(report["applied"][0]["resumed_after"], 2);

    write(&waygate, SECOND, &format!("-- The second.\n{STEPS}"));
    let said = waygate.prints(&migrate(&["deploy"]));
    assert!(said.contains("warning: ") && said.contains(&format!("migrate resolve --rehash {SECOND}")), "{said}");
    waygate.prints(&migrate(&["resolve", "--rehash", SECOND]));
    assert!(!waygate.prints(&migrate(&["deploy"])).contains("warning"));
    for arguments in [&["resolve"][..], &["resolve", "--drift", "--applied", FIRST], &["resolve", "--step", "2=done"]] {
        assert_eq!(waygate.run(&migrate(arguments)).code, 2, "{arguments:?}");
    }
}

#[tokio::test]
async fn a_baseline_is_taken_where_the_database_is_what_the_migrations_make() {
    let empty = EmptyDb::new().await;
    let waygate = project(&empty);
    let made = "CREATE TABLE first (id int PRIMARY KEY, mood text DEFAULT 'fine')";
    empty.sql(Login::Owner, made).await.unwrap();
    assert!(waygate.fails(1, &migrate(&["deploy"])).contains("table first"));
    let refused = waygate.run(&migrate(&["baseline", "--through", FIRST]));
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(refused.stdout.contains("mood"), "{}", refused.stdout);
    assert!(refused.stderr.contains("nothing was noted"), "{}", refused.stderr);
    let ledger = "SELECT to_regclass('waygate.migrations')";
    assert_eq!(empty.sql(Login::Owner, ledger).await.unwrap(), [[None]]);

    empty.sql(Login::Owner, "ALTER TABLE first ALTER mood SET DEFAULT 'ok'").await.unwrap();
    let report = waygate.reports(&migrate(&["baseline", "--through", FIRST]));
    assert_eq!(report["noted"], json!([FIRST]));
    let how = "SELECT id, how FROM waygate.migrations";
    assert_eq!(empty.sql(Login::Owner, how).await.unwrap(), [[Some(FIRST.to_owned()), Some("baseline".to_owned())]]);
    assert_eq!(waygate.reports(&migrate(&["deploy", "--dry-run"]))["pending"].as_array().unwrap().len(), 1);
    assert!(
        waygate
            .fails(1, &migrate(&["baseline", "--through", "20250109000000_nine"]))
            .contains("no migration is called")
    );
}

#[tokio::test]
async fn a_squash_makes_the_same_schema_in_one_file() {
    let (old, new) = (EmptyDb::new().await, EmptyDb::new().await);
    let before = project(&old);
    write(
        &before,
        SECOND,
        "ALTER TABLE first ADD COLUMN name text NOT NULL;\nCREATE INDEX first_name_idx ON first (name);
ALTER TABLE first DISABLE ROW LEVEL SECURITY;\nINSERT INTO first VALUES (1, 'ok', 'Ann');\n",
    );
    before.prints(&migrate(&["deploy"]));
    let squashed = before.run(&migrate(&["squash", "--through", SECOND, "--name", "all"]));
    assert_eq!(squashed.code, 0, "{}", squashed.stderr);
    assert_eq!(squashed.stdout.trim_end(), "20250102000000_all stands for 2 migrations");
    assert!(squashed.stderr.contains("fill public.first"), "{}", squashed.stderr);
    let up = before.read("migrations/20250102000000_all/up.sql");
    assert!(up.starts_with(&format!("-- waygate:replaces {FIRST} sha256:")), "{up}");
    let folders: Vec<_> = fs::read_dir(before.path(FOLDER)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(folders, ["20250102000000_all"]);

    let after = Waygate::on(new.scratch.urls());
    write(&after, "20250102000000_all", &up);
    after.prints(&migrate(&["deploy"]));
    assert_eq!(before.reports(&migrate(&["deploy"]))["squashed"], json!(["20250102000000_all"]));
    let columns = "SELECT string_agg(attname || ' ' || attnotnull, ',' ORDER BY attnum) || ' ' || pg_get_indexdef('first_name_idx'::regclass)
        FROM pg_attribute WHERE attrelid = 'first'::regclass AND attnum > 0";
    let same = old.sql(Login::Owner, columns).await.unwrap();
    assert_eq!(new.sql(Login::Owner, columns).await.unwrap(), same);
}
