//! `--dialect citus`: what is rendered, what does not fit, and a deploy.

use waygate::models::SCHEMA;
use waygate_db::{Dialect, schema_sql};

use super::Waygate;
use crate::citus::SHIM;
use crate::support::{EmptyDb, Login};

#[test]
fn schema_sql_warns_of_what_it_leaves_out() {
    let ended = Waygate::new().run(&["schema", "sql", "--dialect", "citus"]);
    assert_eq!(ended.code, 0);
    assert_eq!(ended.stdout.trim_end(), schema_sql(&SCHEMA, &Dialect::Citus).trim_end());
    assert!(ended.stderr.starts_with("warning: field_mappings is left out: its rows belong to"), "{}", ended.stderr);
    assert_eq!(Waygate::new().run(&["schema", "sql"]).stderr, "");
}

#[test]
fn schema_check_ends_with_one_where_models_do_not_fit() {
    let waygate = Waygate::new();
    let table = waygate.run(&["schema", "check", "--dialect", "citus"]);
    assert_eq!(table.code, 1, "{}", table.stderr);
    for word in ["field_mappings", "FieldMapping", "src/models/field_mapping.rs:", "through action_id"] {
        assert!(table.stdout.contains(word), "{word}: {}", table.stdout);
    }
    let json = waygate.run(&["schema", "check", "--dialect", "citus", "--json"]);
    assert_eq!(json.code, 1);
    let misfits: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((misfits.as_array().unwrap().len(), &misfits[0]["table"]), (1, &"field_mappings".into()));
    for dialect in ["postgres", "sealed", "supabase"] {
        assert!(waygate.prints(&["schema", "check", "--dialect", dialect]).contains("all models fit"));
        assert_eq!(waygate.reports(&["schema", "check", "--dialect", dialect]), serde_json::json!([]));
    }
}

#[tokio::test]
async fn migrate_deploy_distributes_the_tables() {
    let empty = EmptyDb::new().await;
    empty.sql(Login::Admin, SHIM).await.unwrap();
    let waygate = Waygate::on(empty.scratch.urls()).var("WAYGATE_DIALECT", "citus");
    let report = waygate.reports(&["migrate", "deploy"]);
    assert_eq!(report["applied"][0]["id"], "20261122000000_initial");
    let spread = empty.sql(Login::Admin, "SELECT count(*), count(spread_by) FROM shim.tables").await.unwrap();
    assert_eq!(spread, [[Some("5".to_owned()), Some("4".to_owned())]]);
    assert_eq!(waygate.reports(&["migrate", "status"])["migrations"][0]["state"], "applied");
}

#[tokio::test]
async fn a_server_without_citus_is_refused_and_left_empty() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    let error = waygate.fails(1, &["migrate", "deploy", "--dialect", "citus"]);
    assert!(error.contains("this database has no Citus"), "{error}");
    let left = empty.sql(Login::Admin, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").await.unwrap();
    assert_eq!(left, [[Some("0".to_owned())]]);
}
