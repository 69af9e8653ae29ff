//! The text itself, compared with the committed one. `BLESS=1 cargo test -p waygate-db --test it` writes it anew.

use std::path::Path;

use waygate_db::{Dialect, Schema, ScopeSummary, schema_list, schema_sql};

use crate::support::waygate_schema::SCHEMA;

/// Compares a text with the reviewed one in this file.
#[track_caller]
pub(super) fn assert_reviewed(file: &str, sql: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ddl").join(file);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, sql).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (ours, theirs)) in sql.lines().zip(reviewed.lines()).enumerate() {
        assert_eq!(ours, theirs, "line {} of tests/it/ddl/{file}", number + 1);
    }
    assert_eq!(sql.lines().count(), reviewed.lines().count());
}

#[test]
fn the_ddl_of_the_six_models_is_the_reviewed_one() {
    assert_reviewed("waygate.sql", &schema_sql(&SCHEMA, &Dialect::Postgres));
}

#[test]
fn no_line_is_wider_than_a_page() {
    for line in schema_sql(&SCHEMA, &Dialect::Postgres).lines() {
        assert!(line.chars().count() <= 120, "{line}");
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn a_schema_without_models_is_the_library_alone() {
    let sql = schema_sql(&Schema::new(&[]), &Dialect::Postgres);
    assert!(sql.contains("CREATE TABLE waygate.data_keys"));
    assert!(!sql.contains("TABLE public."), "{sql}");
}

#[test]
fn the_list_says_what_the_ddl_makes() {
    let list = schema_list(&SCHEMA);
    let names: Vec<_> = list.iter().map(|table| table.table).collect();
    assert_eq!(
        names,
        ["tenants", "integrations", "actions", "integration_credentials", "field_mappings", "request_logs"]
    );
    let mappings = &list[4];
    assert_eq!(mappings.scope, ScopeSummary::Through { column: "action_id", owner: Some("tenant_id") });
    assert_eq!(list[3].encrypted, ["encrypted_data", "encrypted_refresh_token"]);
    let json = serde_json::to_value(&list[2]).unwrap();
    assert_eq!(json["scope"], serde_json::json!({"kind": "column", "column": "tenant_id"}));
    assert_eq!(json["foreign_keys"][1]["columns"], serde_json::json!(["tenant_id", "integration_id"]));
    assert_eq!(json["columns"][12]["type"], "boolean");
    assert_eq!(json["columns"][12]["default"], "false");
}
