//! What is wrong at a file's end.

use super::{linted, linted_behind, named, rules};

#[tokio::test]
async fn what_was_wrong_before_the_file_is_not_its_fault() {
    let up = "ALTER TABLE orders ADD COLUMN more text;";
    assert_eq!(rules(up).await, [""; 0]);
}

#[tokio::test]
async fn what_the_file_takes_away_is_found_where_it_does() {
    let before = "CREATE TABLE mine (id bigint PRIMARY KEY);
        ALTER TABLE mine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY mine_owner ON mine TO waygate_owner USING (true);";
    let found = linted_behind(before, "SELECT 1;\nALTER TABLE mine NO FORCE ROW LEVEL SECURITY;").await;
    assert_eq!(named(&found.findings), ["2 no-row-security"]);
    let found = linted_behind(before, "SELECT 1;\nDROP POLICY mine_owner ON mine;").await;
    assert_eq!(named(&found.findings), ["2 no-owner-policy"]);
}

#[tokio::test]
async fn what_a_later_statement_mends_is_no_fault() {
    let up = "DROP POLICY IF EXISTS orders_all ON orders;
CREATE POLICY orders_all ON orders USING (true);
ALTER POLICY orders_all ON orders TO waygate_app;";
    assert_eq!(rules(up).await, [""; 0]);
}

#[tokio::test]
async fn a_foreign_key_of_several_columns_is_served_by_an_index_that_begins_with_the_one_that_tells() {
    let before = "CREATE TABLE parents (tenant bigint, id bigint, PRIMARY KEY (tenant, id));
        CREATE TABLE children (tenant bigint, parent bigint, at timestamptz);
        CREATE INDEX children_time ON children (tenant, at);";
    let key = "ALTER TABLE children ADD FOREIGN KEY (tenant, parent) REFERENCES parents NOT VALID;";
    let found = linted_behind(before, key).await.findings;
    assert_eq!(named(&found), ["1 foreign-key-without-index", "1 locks-referenced-table"]);
    assert!(
        found[0].instead.ends_with("CREATE INDEX CONCURRENTLY ON public.children (tenant, parent);"),
        "{}",
        found[0]
    );
    for index in ["(parent, at)", "(tenant, parent)", "(parent) WHERE parent IS NOT NULL"] {
        let before = format!("{before} CREATE INDEX own ON children {index};");
        assert_eq!(named(&linted_behind(&before, key).await.findings), ["1 locks-referenced-table"], "{index}");
    }
    let before = format!("{before} CREATE INDEX own ON children (parent) WHERE parent > 7;");
    assert_eq!(linted_behind(&before, key).await.findings[0].rule, "foreign-key-without-index");
}

#[tokio::test]
async fn partitions_are_secured_by_what_they_are_part_of() {
    let up = "CREATE TABLE logs (id bigint, at timestamptz) PARTITION BY RANGE (at);
ALTER TABLE logs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY logs_owner ON logs TO waygate_owner USING (true);
CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');";
    assert_eq!(linted(up).await.findings, []);
}
