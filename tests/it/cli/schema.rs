//! `schema`: what the models say, without any server.

use waygate::models::SCHEMA;
use waygate_db::{Dialect, schema_sql};

use super::Waygate;
use crate::support::{EmptyDb, Login};

#[test]
fn schema_sql_prints_the_whole_ddl() {
    assert_eq!(
        Waygate::new().prints(&["schema", "sql"]).trim_end(),
        schema_sql(&SCHEMA, &Dialect::Postgres).trim_end()
    );
}

#[tokio::test]
async fn what_schema_sql_prints_makes_the_tables() {
    let empty = EmptyDb::new().await;
    let printed = Waygate::new().prints(&["schema", "sql"]);
    empty.sql(Login::Owner, &printed).await.unwrap();
    let tables = empty.sql(Login::Admin, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").await.unwrap();
    assert_eq!(tables, [[Some("6".to_owned())]]);
}

#[test]
fn schema_list_names_every_table_for_people_and_for_programs() {
    let waygate = Waygate::new();
    let table = waygate.prints(&["schema", "list"]);
    let list = waygate.reports(&["schema", "list"]);
    let names: Vec<_> = list.as_array().unwrap().iter().map(|one| one["table"].as_str().unwrap()).collect();
    assert_eq!(names, SCHEMA.tables().map(|table| table.name).collect::<Vec<_>>());
    assert!(names.iter().all(|name| table.contains(name)), "{table}");
    assert_eq!(list[0]["scope"], serde_json::json!({"kind": "key", "column": "id"}));
    assert_eq!(list[3]["encrypted"], serde_json::json!(["encrypted_data", "encrypted_refresh_token"]));
    assert_eq!(list[3]["searchable"], serde_json::json!([]));
    assert_eq!(list[4]["scope"]["kind"], "through");
    assert_eq!(list[5]["append_only"], true);
}

#[tokio::test]
async fn schema_roles_prints_a_script_that_may_run_again() {
    let printed = Waygate::new().prints(&["schema", "roles"]);
    for role in ["waygate_owner", "waygate_migrator", "waygate_app", "waygate_service", "waygate_login"] {
        assert!(printed.contains(&format!("CREATE ROLE {role}")), "{printed}");
    }
    let empty = EmptyDb::new().await;
    empty.sql(Login::Admin, &printed).await.unwrap();
}
