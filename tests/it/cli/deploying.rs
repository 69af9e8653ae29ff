//! `migrate deploy` and `migrate status`.

use waygate::MIGRATIONS;

use super::Waygate;
use crate::support::{EmptyDb, Login};

#[tokio::test]
async fn a_second_deploy_changes_nothing_and_says_so() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    let first = waygate.reports(&["migrate", "deploy"]);
    assert_eq!(first["applied"].as_array().unwrap().len(), MIGRATIONS.len());
    assert_eq!((&first["already_applied"], &first["warnings"]), (&0.into(), &serde_json::json!([])));
    let second = waygate.reports(&["migrate", "deploy"]);
    assert_eq!(second["applied"], serde_json::json!([]));
    assert_eq!(second["already_applied"], MIGRATIONS.len());
    let said = waygate.prints(&["migrate", "deploy"]);
    let expected = match MIGRATIONS.len() {
        1 => "nothing to apply: 1 migration was applied before".to_owned(),
        count => format!("nothing to apply: {count} migrations were applied before"),
    };
    assert_eq!(said.trim_end(), expected);
}

#[tokio::test]
async fn status_ends_with_three_before_a_deploy_and_with_none_after() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    let before = waygate.run(&["migrate", "status", "--json"]);
    assert_eq!(before.code, 3, "{}", before.stderr);
    let before: serde_json::Value = serde_json::from_str(&before.stdout).unwrap();
    assert_eq!(before["migrations"][0]["id"], MIGRATIONS[0].id());
    assert_eq!(before["migrations"][0]["state"], "pending");
    assert_eq!(
        empty.sql(Login::Owner, "SELECT to_regclass('waygate.migrations')").await.unwrap(),
        [[None]],
        "status only reads"
    );
    let table = waygate.run(&["migrate", "status"]);
    assert!(table.code == 3 && table.stdout.contains("pending"), "{}", table.stdout);

    waygate.prints(&["migrate", "deploy"]);
    let after = waygate.reports(&["migrate", "status"]);
    assert_eq!(after["migrations"][0]["state"], "applied");
    assert!(waygate.prints(&["migrate", "status"]).contains("the database is current"));
}

#[tokio::test]
async fn an_edited_migration_fails_both() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    waygate.prints(&["migrate", "deploy"]);
    empty.sql(Login::Owner, "UPDATE waygate.migrations SET checksum = sha256('x'), words = sha256('x')").await.unwrap();
    let error = waygate.fails(1, &["migrate", "deploy"]);
    assert!(error.contains("edited") && error.contains(MIGRATIONS[0].id()), "{error}");
    let status = waygate.run(&["migrate", "status", "--json"]);
    assert_eq!(status.code, 1);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(status["migrations"][0]["state"], "edited");
}

#[tokio::test]
async fn an_administrators_url_alone_deploys_as_the_owner() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::new().var("DATABASE_URL", empty.scratch.urls().admin.expose());
    waygate.prints(&["migrate", "deploy"]);
    let owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'waygate')";
    assert_eq!(empty.sql(Login::Admin, owners).await.unwrap(), [[Some("waygate_owner".to_owned())]]);
}
