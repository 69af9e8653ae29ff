//! `validate`, `verify`, `migrate diff|new|reset` and `db push|execute`: models, history and database by hand.

use serde_json::{Value, json};

use super::Waygate;
use crate::support::{EmptyDb, Login};

/// A deployed database, and a binary on it.
async fn deployed() -> (EmptyDb, Waygate) {
    let empty = EmptyDb::new().await;
    empty.deploy().await.unwrap();
    let waygate = Waygate::on(empty.scratch.urls());
    (empty, waygate)
}

async fn by_hand(empty: &EmptyDb, sql: &str) {
    empty.sql(Login::Admin, &format!("SET ROLE waygate_owner; {sql}")).await.unwrap();
}

fn names(found: &Value) -> Vec<String> {
    let differences = found.as_array().unwrap().iter();
    differences
        .map(|one| format!("{} {}", one["change"].as_str().unwrap(), one["path"].as_array().unwrap().last().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_deployed_database_agrees_and_one_that_was_changed_does_not() {
    let (empty, waygate) = deployed().await;
    let printed = waygate.prints(&["validate"]);
    assert_eq!(printed, "history = models\ndatabase = history\ndatabase = models\n");
    assert!(waygate.prints(&["verify"]).starts_with("no drift: "));
    by_hand(&empty, "CREATE INDEX by_hand ON actions (name); CREATE VIEW a_view AS SELECT 1 AS one").await;
    let ended = waygate.run(&["validate", "--json"]);
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    let found: Value = serde_json::from_str(&ended.stdout).unwrap();
    let comparisons = found["comparisons"].as_array().unwrap();
    assert_eq!(names(&comparisons[0]["differences"]), Vec::<String>::new());
    assert_eq!(names(&comparisons[1]["differences"]), ["dropped \"by_hand\"", "dropped \"a_view\""]);
    assert_eq!(names(&comparisons[2]["differences"]), ["dropped \"by_hand\""]);
    assert_eq!(comparisons[2]["unmanaged"], json!(["view public.a_view"]));
    let drift = waygate.run(&["verify"]);
    assert_eq!(drift.code, 4);
    assert!(
        drift.stdout.contains("+ index public.actions.by_hand") && drift.stdout.contains("+ view public.a_view"),
        "{}",
        drift.stdout
    );
    // What is there is taken as it is.
    waygate.prints(&["migrate", "resolve", "--drift"]);
    waygate.prints(&["verify"]);
}

#[tokio::test]
async fn a_diff_names_its_sides_and_prints_the_statements() {
    let (empty, waygate) = deployed().await;
    assert_eq!(waygate.prints(&["migrate", "diff", "--exit-code"]), "history and models agree\n");
    by_hand(&empty, "ALTER TABLE actions ADD COLUMN by_hand int").await;
    let ended = waygate.run(&["migrate", "diff", "--from", "database", "--sql", "--exit-code"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (4, "ALTER TABLE public.actions DROP COLUMN by_hand;\n"));
    let url = empty.scratch.urls().migrator.expose();
    let other = waygate.prints(&["migrate", "diff", "--from", "history", "--to", &url]);
    assert_eq!(other, "+ column public.actions.by_hand\n");
    let wrong = waygate.run(&["migrate", "diff", "--from", "nowhere"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("a side is models, history"), "{}", wrong.stderr);
}

#[tokio::test]
async fn a_view_over_a_column_that_goes_is_named() {
    let (empty, waygate) = deployed().await;
    by_hand(&empty, "ALTER TABLE actions ADD COLUMN by_hand int; CREATE VIEW a_view AS SELECT by_hand FROM actions")
        .await;
    let error = waygate.run(&["migrate", "diff", "--from", "database", "--sql"]);
    assert_eq!(error.code, 1);
    assert!(
        error.stderr.contains("column public.actions.by_hand cannot change: view public.a_view"),
        "{}",
        error.stderr
    );
}

#[tokio::test]
async fn a_push_asks_before_it_loses_and_stays_away_from_deployed_databases() {
    let (empty, waygate) = deployed().await;
    waygate.fails(1, &["db", "push"]);
    by_hand(&empty, "ALTER TABLE actions ADD COLUMN by_hand int; CREATE INDEX by_hand ON actions (name)").await;
    let asked = waygate.run(&["db", "push", "--force", "--json"]);
    assert_eq!(asked.code, 3);
    let asked: Value = serde_json::from_str(&asked.stdout).unwrap();
    assert_eq!(
        (&asked["ran"], &asked["undecided"][0]["accept"]),
        (&json!(false), &json!("--accept-data-loss=actions.by_hand"))
    );
    let pushed = waygate.reports(&["db", "push", "--force", "--accept-data-loss", "actions.by_hand"]);
    assert_eq!((&pushed["ran"], pushed["statements"].as_array().unwrap().len()), (&json!(true), 2));
    assert!(waygate.prints(&["db", "push", "--force"]).starts_with("nothing to push"));
}

#[tokio::test]
async fn a_push_makes_an_empty_database_as_the_models_say() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    waygate.prints(&["db", "push"]);
    assert_eq!(waygate.prints(&["migrate", "diff", "--from", "database"]), "database and models agree\n");
}

#[tokio::test]
async fn sql_runs_as_the_owner_and_confined_to_a_tenant() {
    let (_empty, waygate) = deployed().await;
    assert_eq!(waygate.reports(&["db", "execute", "SELECT current_user"]), json!([["waygate_owner"]]));
    let tenant = "0198a000-0000-7000-8000-000000000001";
    let insert = format!(
        "INSERT INTO tenants (id, name, email, waygate_api_key_hash) VALUES ('{tenant}', 'a', 'a@example.org', 'x')"
    );
    waygate.prints(&["db", "execute", &insert]);
    let other = "0198a000-0000-7000-8000-000000000002";
    let seen = |id| waygate.reports(&["db", "execute", "--tenant", id, "SELECT count(*), current_user FROM tenants"]);
    assert_eq!(seen(tenant), json!([["1", "waygate_app"]]));
    assert_eq!(seen(other), json!([["0", "waygate_app"]]));
    let service = ["db", "execute", "--service", "a look", "SELECT count(*), current_user FROM tenants"];
    assert_eq!(waygate.reports(&service), json!([["1", "waygate_service"]]));
    let log = waygate.reports(&["db", "execute", "SELECT reason FROM waygate.service_log"]);
    assert_eq!(log, json!([["a look"]]));
    // Several statements are one transaction.
    let half = waygate.run(&["db", "execute", "DELETE FROM tenants; SELECT 1/0"]);
    assert_eq!(half.code, 1);
    assert_eq!(waygate.reports(&["db", "execute", "SELECT count(*) FROM tenants"]), json!([["1"]]));
}

#[tokio::test]
async fn a_reset_asks_and_begins_anew() {
    let (empty, waygate) = deployed().await;
    by_hand(&empty, "CREATE TABLE by_hand (id int); CREATE VIEW a_view AS SELECT 1 AS one").await;
    let error = waygate.fails(1, &["migrate", "reset"]);
    assert!(error.contains("nobody is here to be asked"), "{error}");
    waygate.prints(&["migrate", "reset", "--force"]);
    waygate.prints(&["validate"]);
    waygate.prints(&["verify"]);
}

#[test]
fn a_new_migration_is_a_folder_with_words_on_what_it_may_hold() {
    let waygate = Waygate::new();
    let printed = waygate.prints(&["migrate", "new", "--name", "Fill Regions"]);
    let file = printed.trim().strip_prefix("wrote ").unwrap();
    assert!(file.ends_with("_fill_regions/up.sql"), "{file}");
    assert!(waygate.read(file).contains("-- waygate:step backfill"));
    waygate.fails(1, &["migrate", "new", "--name", "…"]);
}
