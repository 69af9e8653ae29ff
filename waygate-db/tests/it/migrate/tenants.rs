//! What runs as `waygate_owner` reaches the rows of all tenants, though row security is forced.

use waygate_db::migrate::Migration;

use super::database::{Database, told};

/// A parent of two tenants, as the library makes tables: row security forced, and a policy for the owner.
const TABLES: &str = "
CREATE TABLE parent (id bigint PRIMARY KEY, tenant_id int NOT NULL, n int NOT NULL DEFAULT 0);
ALTER TABLE parent ENABLE ROW LEVEL SECURITY; ALTER TABLE parent FORCE ROW LEVEL SECURITY;
CREATE POLICY parent_owner ON parent TO waygate_owner USING (true) WITH CHECK (true);
CREATE TABLE child (id bigint PRIMARY KEY, tenant_id int NOT NULL, parent_id bigint NOT NULL);
ALTER TABLE child ENABLE ROW LEVEL SECURITY; ALTER TABLE child FORCE ROW LEVEL SECURITY;
CREATE POLICY child_owner ON child TO waygate_owner USING (true) WITH CHECK (true);
INSERT INTO parent SELECT n, n % 2 FROM generate_series(1, 25) n;
INSERT INTO child SELECT n, n % 2, n FROM generate_series(1, 25) n;";

fn two(second: &'static str) -> [Migration; 2] {
    [
        Migration::embedded("20250101000000_tables", TABLES, None),
        Migration::embedded("20250102000000_second", second, None),
    ]
}

#[tokio::test]
async fn a_backfill_changes_the_rows_of_every_tenant() {
    let database = Database::create().await;
    let report = database
        .deploy(&two(
            "-- waygate:step backfill table=parent key=id batch=4\nUPDATE parent SET n = n + 1 WHERE {batch};",
        ))
        .await
        .unwrap();
    assert_eq!(report.applied.len(), 2);
    let rows = "SELECT string_agg(tenant_id || ':' || count || ':' || n, ',' ORDER BY tenant_id) FROM
        (SELECT tenant_id, n, count(*) FROM parent GROUP BY tenant_id, n) rows";
    assert_eq!(database.text(rows).await, "0:12:1,1:13:1", "each row once");
    assert_eq!(database.text("SELECT DISTINCT applied_by FROM waygate.migrations").await, "waygate_migrator");
    database.drop().await;
}

#[tokio::test]
async fn a_foreign_key_to_a_forced_parent_is_checked_against_all_its_rows() {
    const ADD: &str =
        "ALTER TABLE child ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent_id) REFERENCES parent NOT VALID;
-- waygate:step autocommit
ALTER TABLE child VALIDATE CONSTRAINT child_parent_fkey;";
    let valid = "SELECT convalidated FROM pg_constraint WHERE conname = 'child_parent_fkey'";
    let database = Database::create().await;
    database.deploy(&two(ADD)).await.unwrap();
    assert_eq!(database.text(valid).await, "t");
    database.drop().await;

    let database = Database::create().await;
    database.deploy(&two(ADD)[..1]).await.unwrap();
    database.run("INSERT INTO child VALUES (26, 1, 424242)").await;
    let error = database.deploy(&two(ADD)).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error:?}");
    assert!(!format!("{error:?}").contains("424242"));
    assert_eq!(database.text(valid).await, "f");
    // The row is seen to, and the next deploy goes on behind the step that is done.
    database.run("DELETE FROM child WHERE id = 26").await;
    let report = database.deploy(&two(ADD)).await.unwrap();
    assert_eq!((report.applied[0].steps, report.applied[0].resumed_after), (2, 1));
    assert_eq!(database.text(valid).await, "t");
    database.drop().await;
}

#[tokio::test]
async fn a_backfill_that_would_see_no_row_or_miss_some_is_refused() {
    let database = Database::create().await;
    let hidden = "DROP POLICY parent_owner ON parent;
-- waygate:step backfill table=parent key=id batch=4
UPDATE parent SET n = 1 WHERE {batch};";
    let error = database.deploy(&two(hidden)).await.unwrap_err();
    let text = told(&error);
    assert!(
        text.contains("20250102000000_second/up.sql:3:1 asserts that parent has a policy by which waygate_owner"),
        "{text}"
    );
    database.drop().await;

    let database = Database::create().await;
    let nullable = "ALTER TABLE parent ADD COLUMN place int;
-- waygate:step backfill table=parent key=place
UPDATE parent SET n = 1 WHERE {batch};";
    let text = told(&database.deploy(&two(nullable)).await.unwrap_err());
    assert!(text.contains("parent.place is NOT NULL"), "{text}");
    database.drop().await;
}

#[tokio::test]
async fn a_backfill_goes_over_any_key_that_has_an_order() {
    for (ty, value) in [
        ("uuid", "gen_random_uuid()"),
        ("text COLLATE \"C\"", "md5(n::text)"),
        ("timestamptz", "now() + n * interval '1.000001 s'"),
        ("numeric(20,3)", "n * 1.001"),
        ("varchar(40)", "'it''s ' || n"),
        ("date", "'2025-01-01'::date + n % 7"),
    ] {
        let database = Database::create().await;
        let up: &'static str = format!(
            "CREATE TABLE keyed (\"the Key\" {ty} NOT NULL, n int NOT NULL DEFAULT 0); ALTER TABLE keyed DISABLE ROW LEVEL SECURITY;
INSERT INTO keyed SELECT {value} FROM generate_series(1, 50) n;
-- waygate:step backfill table=public.keyed key=\"the_Key\" batch=7
UPDATE keyed SET n = n + 1 WHERE {{batch}};"
        )
        .replace("the Key", "the_Key")
        .leak();
        database.deploy(&[Migration::embedded("20250101000000_keyed", up, None)]).await.unwrap();
        assert_eq!(
            database.text("SELECT count(*) || ' ' || min(n) || ' ' || max(n) FROM keyed").await,
            "50 1 1",
            "{ty}"
        );
        database.drop().await;
    }
}
