//! What raw SQL can do around the library, as each login, on the seeded tables.

use waygate::models::SCHEMA;
use waygate::seed::{credential_id, tenant_id};
use waygate_db::schema::Scope;

use crate::support::{Dump, Login, Outcome, Rows, TestDb, hex};

/// The development data, and another tenant's rows beside it.
async fn seeded() -> (TestDb, Rows) {
    let test = TestDb::new().await;
    waygate::seed::run(&test.db).await.unwrap();
    let other = Rows::of(&test, "other").await;
    (test, other)
}

/// A table's columns that an UPDATE may set to themselves.
fn a_data_column(table: &str) -> &'static str {
    match table {
        "integration_credentials" => "scopes",
        "field_mappings" => "source_path",
        "request_logs" => "latency_ms",
        _ => "name",
    }
}

#[tokio::test]
async fn without_a_tenant_every_table_answers_with_an_error() {
    let (test, _other) = seeded().await;
    for table in SCHEMA.tables().map(|table| table.name) {
        let count = format!("SELECT count(*) FROM {table}");
        let never = test.sql(Login::App, &count).await.refused();
        assert!(never.is_tenant_missing(), "{table}: {never}");
        assert_eq!(never.code(), Some("42704"), "{table}");
        let earlier = format!("BEGIN; SET LOCAL waygate.tenant_id = '{}'; COMMIT; {count}", tenant_id());
        assert_eq!(test.sql(Login::App, &earlier).await.refused().code(), Some("22P02"), "{table}");
        let nonsense = format!("SET waygate.tenant_id = 'x'' OR true'; {count}");
        assert_eq!(test.sql(Login::App, &nonsense).await.refused().code(), Some("22P02"), "{table}");
    }
}

#[tokio::test]
async fn with_a_tenant_set_no_row_of_another_shows() {
    let (test, other) = seeded().await;
    for (table, key) in other.keys() {
        let seen = |sql: String| {
            let test = &test;
            async move { test.as_tenant(tenant_id(), &sql).await.unwrap() }
        };
        assert!(!seen(format!("SELECT id FROM {table}")).await.is_empty(), "{table}: its own are there");
        assert!(seen(format!("SELECT id FROM {table} WHERE id = '{key}'")).await.is_empty(), "{table}");
        let wide = format!("SELECT id FROM {table} WHERE id = '{key}' OR true ORDER BY id");
        assert!(!seen(wide).await.into_iter().flatten().flatten().any(|id| id == key.to_string()), "{table}");
    }
}

#[tokio::test]
async fn with_a_tenant_set_nothing_is_written_across() {
    let (test, other) = seeded().await;
    for table in SCHEMA.tables() {
        let (name, column) = (table.name, a_data_column(table.name));
        let key = other.keys().into_iter().find(|(table, _)| *table == name).unwrap().1;
        let update = format!("UPDATE {name} SET {column} = {column} WHERE id = '{key}' RETURNING id");
        let delete = format!("DELETE FROM {name} WHERE id = '{key}' RETURNING id");
        for write in [update, delete] {
            match test.as_tenant(tenant_id(), &write).await {
                Ok(rows) => assert!(rows.is_empty(), "{write}"),
                Err(error) => assert!(error.is_permission_denied(), "{write}: {error}"),
            }
        }
        for login in [Login::App, Login::Service] {
            let truncate = format!("SET waygate.tenant_id = '{}'; TRUNCATE {name} CASCADE", tenant_id());
            assert!(test.sql(login, &truncate).await.refused().is_permission_denied(), "{name}");
        }
        assert!(test.count(name).await >= 2, "{name}");
    }
}

#[tokio::test]
async fn nobody_names_the_tenant_column_in_a_write() {
    let (test, other) = seeded().await;
    for table in SCHEMA.tables() {
        let column = match table.scope {
            Scope::Column(index) => table.column_at(index).name,
            Scope::Key => "id",
            Scope::Shared | Scope::Through { .. } => continue,
        };
        for login in [Login::App, Login::Service] {
            for tenant in [tenant_id(), other.tenant.id] {
                let set = format!("SET waygate.tenant_id = '{}'", tenant_id());
                let update = format!("{set}; UPDATE {} SET {column} = '{tenant}'", table.name);
                assert!(test.sql(login, &update).await.refused().is_permission_denied(), "{update}");
                if matches!(table.scope, Scope::Column(_)) {
                    let insert = format!("{set}; INSERT INTO {} ({column}) VALUES ('{tenant}')", table.name);
                    assert!(test.sql(login, &insert).await.refused().is_permission_denied(), "{insert}");
                }
            }
        }
    }
    let stamped = "INSERT INTO integrations (name, slug, auth_type) VALUES ('I', 'raw', 'basic') RETURNING tenant_id";
    let row = test.as_tenant(tenant_id(), stamped).await.unwrap();
    assert_eq!(row, [[Some(tenant_id().to_string())]]);
}

#[tokio::test]
async fn no_login_becomes_another_role_or_turns_row_security_off() {
    let (test, _other) = seeded().await;
    for (login, role) in
        [(Login::App, "waygate_service"), (Login::App, "waygate_owner"), (Login::Service, "waygate_owner")]
    {
        assert!(test.sql(login, &format!("SET ROLE {role}")).await.refused().is_permission_denied(), "{role}");
    }
    for table in SCHEMA.tables().map(|table| table.name) {
        for change in [
            format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"),
            format!("DROP POLICY {table}_app ON {table}"),
            format!("CREATE POLICY more ON {table} USING (true)"),
            format!("DROP TABLE {table}"),
        ] {
            assert_eq!(test.sql(Login::App, &change).await.refused().code(), Some("42501"), "{change}");
            assert_eq!(test.sql(Login::Service, &change).await.refused().code(), Some("42501"), "{change}");
        }
        let off = format!("SET row_security = off; SET waygate.tenant_id = '{}'; SELECT FROM {table}", tenant_id());
        assert!(test.sql(Login::App, &off).await.is_err(), "{table}: an error, not every row");
    }
    assert!(test.sql(Login::App, "CREATE TABLE mine (id int)").await.refused().is_permission_denied());
    assert!(test.sql(Login::App, "CREATE TEMP TABLE mine (id int)").await.refused().is_permission_denied());
}

#[tokio::test]
async fn a_backfill_of_the_owner_reaches_the_rows_of_every_tenant() {
    let (test, _other) = seeded().await;
    let backfill = "UPDATE integrations SET metadata = '{\"filled\": true}'; \
                    SELECT count(DISTINCT tenant_id) || '/' || count(*) FROM integrations WHERE metadata ? 'filled'";
    assert_eq!(test.value(Login::Owner, backfill).await, "2/2");
    for table in SCHEMA.tables().map(|table| table.name) {
        let owner: u64 = test.value(Login::Owner, &format!("SELECT count(*) FROM {table}")).await.parse().unwrap();
        assert_eq!(owner, test.count(table).await, "{table}");
    }
}

#[tokio::test]
async fn validating_a_constraint_on_a_forced_table_sees_every_row() {
    let (test, other) = seeded().await;
    let violate = format!(
        "UPDATE integrations SET name = 'violating' WHERE id = '{}';
         ALTER TABLE integrations ADD CONSTRAINT named CHECK (name <> 'violating') NOT VALID",
        other.integration.id
    );
    test.rows_of(Login::Owner, &violate).await;
    let validate = "ALTER TABLE integrations VALIDATE CONSTRAINT named";
    assert!(test.sql(Login::Owner, validate).await.refused().is_check_violation());
    test.rows_of(Login::Owner, "UPDATE integrations SET name = 'better' WHERE name = 'violating'").await;
    test.rows_of(Login::Owner, validate).await;

    test.rows_of(
        Login::Owner,
        "CREATE TABLE parents (id uuid PRIMARY KEY);
         ALTER TABLE actions ADD CONSTRAINT parent FOREIGN KEY (id) REFERENCES parents NOT VALID",
    )
    .await;
    let validate = "ALTER TABLE actions VALIDATE CONSTRAINT parent";
    assert!(test.sql(Login::Owner, validate).await.refused().is_foreign_key_violation());
}

#[tokio::test]
async fn a_login_finds_its_tenant_by_the_keys_hash_and_nothing_else() {
    let (test, other) = seeded().await;
    let find = |hash: &str| format!("SELECT waygate.tenant_for_key('{hash}')");
    let found = test.value(Login::App, &find(&other.tenant.waygate_api_key_hash)).await;
    assert_eq!(found, other.tenant.id.to_string());
    let seeded = "SELECT waygate.tenant_for_key(encode(sha256(convert_to('wg_test_dev_abc123xyz789', 'UTF8')), 'hex'))";
    assert_eq!(test.value(Login::App, seeded).await, tenant_id().to_string());
    assert_eq!(test.value(Login::App, &find("unknown")).await, "");
    assert!(test.sql(Login::Service, &find("unknown")).await.refused().is_permission_denied());
}

#[tokio::test]
async fn a_dump_holds_the_sealed_row_and_no_plaintext() {
    let (test, _other) = seeded().await;
    let Some(pg_dump) = Dump::find(&test).await else { return };
    let dump = pg_dump.of(&test.urls().admin, &[]);
    let row = dump.lines().find(|line| line.starts_with(&credential_id().to_string())).expect("the credential's row");
    assert!(row.contains(r"\\xf901"), "{row}");
    for plaintext in ["xoxb-mock-access-token", "xoxe-mock-refresh-token", "token of other", "refresh of other"] {
        assert!(!dump.contains(plaintext) && !dump.contains(&hex(plaintext)), "{plaintext}");
    }
}
