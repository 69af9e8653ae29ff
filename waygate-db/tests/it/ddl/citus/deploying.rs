//! What the DDL makes, and what it then refuses.

use super::{deployed, waygate};
use crate::ddl::seed::{A, B, NOBODY, SEALED, id};
use crate::support::database::{Database, Session};
use crate::support::waygate_schema::SCHEMA;

/// One tenant's rows, less the table that does not fit.
async fn insert(service: &Session, tenant: &str) {
    let [integration, action, credential, log] = [1, 2, 3, 5].map(|table| id(tenant, table));
    service
        .run(&format!(
            "BEGIN; SET LOCAL waygate.tenant_id = '{tenant}';
             INSERT INTO tenants (id, name, email, waygate_api_key_hash)
                 VALUES ('{tenant}', 'T', '{tenant}@example.org', 'hash of {tenant}');
             INSERT INTO integrations (id, name, slug, auth_type) VALUES ('{integration}', 'I', 'slack', 'oauth2');
             INSERT INTO actions (id, integration_id, name, slug, http_method, endpoint_template)
                 VALUES ('{action}', '{integration}', 'A', 'send', 'POST', '/');
             INSERT INTO integration_credentials (id, integration_id, credential_type, encrypted_data)
                 VALUES ('{credential}', '{integration}', 'basic', {SEALED});
             INSERT INTO request_logs (id, integration_id, action_id, request_summary, latency_ms)
                 VALUES ('{log}', '{integration}', '{action}', '{{}}', 1);
             COMMIT;"
        ))
        .await;
}

async fn seeded() -> (Database, Session) {
    let (database, _) = deployed(&SCHEMA).await;
    let service = database.login("waygate_service").await;
    for tenant in [A, B] {
        insert(&service, tenant).await;
    }
    (database, service)
}

#[tokio::test]
async fn tenants_are_copied_and_the_others_spread_beside_the_first() {
    let (_database, administrator) = deployed(&SCHEMA).await;
    let kinds = "SELECT concat_ws(' ', relation, spread_by, beside) FROM shim.tables ORDER BY relation::oid";
    let expected = [
        "tenants",
        "integrations tenant_id integrations",
        "actions tenant_id integrations",
        "integration_credentials tenant_id integrations",
        "request_logs tenant_id integrations",
    ];
    assert_eq!(administrator.column(kinds).await, expected);
    let there = "SELECT count(*) FROM pg_class WHERE relname = 'field_mappings'";
    assert_eq!(administrator.value(there).await, "0");
    let references = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'";
    assert_eq!(administrator.value(references).await, "8");
}

#[tokio::test]
async fn a_tenant_reads_and_writes_its_own_rows_alone() {
    let (database, service) = seeded().await;
    let (a, nobody) = (database.tenant(A).await, database.tenant(NOBODY).await);
    for (place, table) in [(0, "tenants"), (1, "integrations"), (2, "actions"), (5, "request_logs")] {
        let all = format!("SELECT id FROM {table}");
        assert_eq!(a.column(&all).await, [if place == 0 { A.to_owned() } else { id(A, place) }]);
        assert_eq!(nobody.column(&all).await, Vec::<String>::new(), "{table}");
        assert_eq!(service.column(&all).await.len(), 2, "{table}");
        let unset = database.login("waygate_app").await;
        assert_eq!(unset.refusal(&all).await, "42704", "{table}");
    }
    let foreign =
        format!("INSERT INTO integrations (tenant_id, name, slug, auth_type) VALUES ('{B}', 'x', 'x', 'basic')");
    assert_eq!(a.refusal(&foreign).await, "42501");
    let moved = format!("UPDATE integrations SET tenant_id = '{B}'");
    assert_eq!(a.refusal(&moved).await, "42501");
    let child = format!(
        "INSERT INTO actions (integration_id, name, slug, http_method, endpoint_template)
         VALUES ('{}', 'x', 'x', 'GET', '/')",
        id(B, 1)
    );
    assert_eq!(a.refusal(&child).await, "23503");
    assert_eq!(a.run("UPDATE integrations SET name = 'x', updated_at = now() RETURNING 1").await.len(), 1);
}

#[tokio::test]
async fn rights_are_on_whole_tables_and_none_where_a_column_is_the_services() {
    let (database, service) = seeded().await;
    let a = database.tenant(A).await;
    for refused in [
        "UPDATE tenants SET name = 'x'",
        "UPDATE tenants SET email = 'b@example.org'",
        "INSERT INTO tenants DEFAULT VALUES",
        "DELETE FROM tenants",
        "UPDATE request_logs SET latency_ms = 2",
        "DELETE FROM request_logs",
        "TRUNCATE integrations CASCADE",
    ] {
        assert_eq!(a.refusal(refused).await, "42501", "{refused}");
    }
    assert_eq!(service.refusal("UPDATE request_logs SET latency_ms = 2").await, "42501");
    service.run("UPDATE tenants SET name = 'x', updated_at = now(); DELETE FROM request_logs").await;
    service.run(&format!("DELETE FROM tenants WHERE id = '{A}'")).await;
    assert_eq!(service.value("SELECT count(*) FROM integration_credentials").await, "1");
}

#[tokio::test]
async fn the_librarys_own_objects_work() {
    let (database, service) = seeded().await;
    let app = database.login("waygate_app").await;
    assert_eq!(app.value(&format!("SELECT waygate.tenant_for_key('hash of {A}')")).await, A);
    service.run("INSERT INTO waygate.service_log (reason) VALUES ('x')").await;
    let key = |scope: &str, byte: &str| {
        format!(
            "INSERT INTO waygate.data_keys (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped)
             VALUES (decode(repeat('{byte}', 16), 'hex'), decode(repeat('{byte}', 32), 'hex'), '{scope}', 1, 1,
                     'active', 'env', 'one', 'x')"
        )
    };
    let a = database.tenant(A).await;
    a.run(&key(A, "0a")).await;
    assert_eq!(a.refusal(&key(B, "0b")).await, "42501");
    assert_eq!(app.refusal(&key(A, "0c")).await, "42704");
    service.run(&format!("{}; {}", key(B, "0b"), key("app", "0d"))).await;
    let read = "SELECT scope FROM waygate.data_keys ORDER BY scope";
    assert_eq!(a.column(read).await, [A, "app"]);
    assert_eq!(app.column(read).await, ["app"]);
}

#[tokio::test]
async fn a_server_without_citus_is_refused_at_the_first_statement() {
    let database = Database::empty().await;
    let migrator = database.login("waygate_migrator").await;
    assert_eq!(migrator.refusal(&format!("SET ROLE waygate_owner; BEGIN;\n{}", waygate())).await, "0A000");
    let administrator = database.administrator().await;
    assert_eq!(administrator.value("SELECT to_regclass('waygate.data_keys') IS NULL").await, "t");
}
