//! `migrate lint`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::Waygate;
use crate::support::{EmptyDb, TestDb};

const INITIAL: &str = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE POLICY orders_owner ON orders TO waygate_owner USING (true);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
";

/// A project's folder with a first migration and these.
fn project(waygate: &Waygate, files: &[(&str, &str)]) {
    for (id, up) in [("20250101000000_initial", INITIAL)].iter().chain(files) {
        let folder = waygate.path("own").join(id);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("up.sql"), up).unwrap();
    }
}

fn rules(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).unwrap();
    let rules = report["findings"].as_array().unwrap().iter();
    rules
        .map(|finding| {
            format!(
                "{}:{} {}",
                finding["migration"].as_str().unwrap(),
                finding["line"],
                finding["rule"].as_str().unwrap()
            )
        })
        .collect()
}

#[tokio::test]
async fn the_exit_code_says_whether_there_are_errors_or_with_strict_anything() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    project(
        &waygate,
        &[
            ("20250102000000_index", "CREATE INDEX orders_note ON orders (note);"),
            ("20250103000000_drop", "ALTER TABLE orders DROP COLUMN note;"),
            ("20250104000000_add", "ALTER TABLE orders ADD COLUMN more text;"),
        ],
    );
    let ended = waygate.run(&["migrate", "lint", "own/20250102000000_index"]);
    assert_eq!(ended.code, 7, "{}", ended.stderr);
    let told = "20250102000000_index/up.sql:1: error[builds-index] on orders, SHARE: ";
    assert!(ended.stdout.starts_with(told), "{}", ended.stdout);
    assert!(ended.stdout.contains("\n    CREATE INDEX CONCURRENTLY orders_note ON public.orders"), "{}", ended.stdout);
    assert!(ended.stdout.ends_with("looked at 1 migration: 1 error, 0 warning, 0 advice\n"), "{}", ended.stdout);
    let warned = waygate.prints(&["migrate", "lint", "own", "20250103000000"]);
    assert!(warned.contains("warning[drops-column] on orders, ACCESS EXCLUSIVE"), "{warned}");
    assert_eq!(waygate.run(&["migrate", "lint", "own", "20250103000000_drop", "--strict"]).code, 7);
    assert_eq!(waygate.run(&["migrate", "lint", "own", "--strict"]).code, 0, "the newest is clean");
    let unknown = waygate.fails(1, &["migrate", "lint", "own", "20990101000000"]);
    assert!(unknown.contains("there is no migration 20990101000000"), "{unknown}");
}

#[tokio::test]
async fn programs_get_findings_and_what_each_statement_did() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    project(&waygate, &[("20250102000000_type", "SELECT 1;\nALTER TABLE orders ALTER COLUMN note TYPE varchar(9);")]);
    let ended = waygate.run(&["migrate", "lint", "own", "--json"]);
    assert_eq!(ended.code, 7);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(
        [
            &finding["migration"],
            &finding["line"],
            &finding["rule"],
            &finding["severity"],
            &finding["table"],
            &finding["lock"]
        ],
        [
            &json!("20250102000000_type"),
            &json!(2),
            &json!("rewrites-table"),
            &json!("error"),
            &json!("orders"),
            &json!("ACCESS EXCLUSIVE")
        ]
    );
    assert!(finding["why"].is_string() && finding["instead"].as_str().unwrap().contains("-- waygate:step backfill"));
    assert_eq!(report["observed"][1]["rewrites"], json!(["orders"]));
    let traced = waygate.run(&["migrate", "lint", "own", "--trace"]).stdout;
    assert!(
        traced.starts_with("20250102000000_type/up.sql:2: orders ACCESS EXCLUSIVE; writes anew orders"),
        "{traced}"
    );
}

#[tokio::test]
async fn all_are_looked_at_where_that_is_asked_for_and_exceptions_stand_beside_them() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    project(
        &waygate,
        &[
            ("20250102000000_index", "CREATE INDEX orders_note ON orders (note);"),
            ("20250103000000_add", "ALTER TABLE orders ADD COLUMN more text;"),
        ],
    );
    let all = waygate.run(&["migrate", "lint", "own", "--all", "--json"]);
    assert_eq!((all.code, rules(&all.stdout)), (7, vec!["20250102000000_index:1 builds-index".to_owned()]));
    fs::write(waygate.path("own").join("lint-ignores"), "20250102000000_index:1 builds-index: a small table\n")
        .unwrap();
    let all = waygate.run(&["migrate", "lint", "own", "--all", "--json", "--strict"]);
    assert_eq!((all.code, rules(&all.stdout)), (0, Vec::new()));
}

#[tokio::test]
async fn what_the_database_has_is_not_looked_at_again() {
    let deployed = TestDb::new().await;
    let printed = Waygate::on(deployed.urls()).prints(&["migrate", "lint", "--strict"]);
    assert_eq!(printed, "looked at 0 migrations: 0 error, 0 warning, 0 advice\n");
}

/// What is known to stay stands in each folder's `lint-ignores`, with its reason.
#[tokio::test]
async fn the_projects_own_migrations_break_no_rule() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    for folder in ["migrations", "migrations-sealed"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let ended = waygate.run(&["migrate", "lint", folder.to_str().unwrap(), "--all", "--strict"]);
        assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    }
}
