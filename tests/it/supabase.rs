//! The dialect of Supabase on a server with its roles: who reads and writes what, by the claims of a request.

mod audit;
mod hosted;
pub(crate) mod library;
mod reference_data;
mod roles;

use waygate::models::SCHEMA;
use waygate_db::schema_sql;

use crate::schema::{dumped, same_schema};
use crate::support::supabase::dialect;
use crate::support::{Dump, Login, SupabaseDb, TestDb};

pub(crate) const A: &str = "aaaaaaaa-0000-4000-8000-000000000000";
pub(crate) const B: &str = "bbbbbbbb-0000-4000-8000-000000000000";

/// A token's claims, as PostgREST and the library hand them to the server.
fn claims(tenant: &str) -> String {
    format!(r#"{{"role": "authenticated", "app_metadata": {{"tenant_id": "{tenant}"}}}}"#)
}

/// SQL of a request with these claims.
fn request(role: &str, claims: &str, sql: &str) -> String {
    format!("BEGIN; SET LOCAL ROLE {role}; SET LOCAL request.jwt.claims = '{claims}'; {sql}; COMMIT")
}

/// Two tenants with an integration each, and an action of A's; what they were made by is the service.
pub(crate) async fn seed(database: &SupabaseDb) {
    for tenant in [A, B] {
        let rows = format!(
            "INSERT INTO tenants (id, name, email, waygate_api_key_hash)
                 VALUES ('{tenant}', 'T', '{tenant}@example.org', 'hash of {tenant}');
             INSERT INTO integrations (name, slug, auth_type) VALUES ('I', 'slack', 'oauth2');
             INSERT INTO actions (integration_id, name, slug, http_method, endpoint_template)
                 SELECT id, 'A', 'send', 'POST', '/' FROM integrations WHERE tenant_id = '{tenant}';
             INSERT INTO field_mappings (action_id, source_path, target_path, direction)
                 SELECT id, '$', '$', 'input' FROM actions WHERE tenant_id = '{tenant}'"
        );
        database.sql(Login::Service, &request("service_role", &claims(tenant), &rows)).await.unwrap();
    }
}

#[tokio::test]
async fn its_migrations_make_what_the_models_say() {
    let Some(migrated) = SupabaseDb::deployed().await else { return };
    let Some(pg_dump) = Dump::find(&TestDb::new().await).await else { return };
    let rendered = SupabaseDb::empty().await.unwrap();
    rendered.sql(Login::Owner, &schema_sql(&SCHEMA, &dialect())).await.unwrap();
    same_schema(&dumped(&pg_dump, &migrated.urls), &dumped(&pg_dump, &rendered.urls));
}

#[tokio::test]
async fn a_request_reads_and_writes_the_rows_of_its_claims_alone() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    seed(&database).await;
    let request = |sql: &str| request("authenticated", &claims(A), sql);
    for (table, tenant) in [("tenants", "id"), ("integrations", "tenant_id"), ("actions", "tenant_id")] {
        let read = request(&format!("SELECT {tenant} FROM {table}"));
        assert_eq!(database.column(Login::App, &read).await, [A], "{table}");
    }
    assert_eq!(database.column(Login::App, &request("SELECT 1 FROM field_mappings")).await, ["1"]);
    let stamped = "INSERT INTO integrations (name, slug, auth_type) VALUES ('I', 'new', 'basic') RETURNING tenant_id";
    assert_eq!(database.column(Login::App, &request(stamped)).await, [A]);
    for write in [
        format!("INSERT INTO integrations (tenant_id, name, slug, auth_type) VALUES ('{B}', 'I', 'x', 'basic')"),
        format!("UPDATE integrations SET tenant_id = '{B}'"),
        "INSERT INTO tenants (name, email, waygate_api_key_hash) VALUES ('T', 'e', 'h')".to_owned(),
        "TRUNCATE integrations".to_owned(),
    ] {
        let error = database.sql(Login::App, &request(&write)).await.unwrap_err();
        assert_eq!(error.code(), Some("42501"), "{write}: {error}");
    }
    for write in ["UPDATE integrations SET name = 'mine'", "DELETE FROM integrations"] {
        let of_b = format!("{write} WHERE tenant_id = '{B}' RETURNING 1");
        assert!(database.column(Login::App, &request(&of_b)).await.is_empty(), "{write}");
    }
    let parent_of_b = format!(
        "INSERT INTO actions (integration_id, name, slug, http_method, endpoint_template)
         VALUES ('{}', 'A', 'x', 'GET', '/')",
        database.column(Login::Admin, &format!("SELECT id FROM integrations WHERE tenant_id = '{B}'")).await[0]
    );
    let error = database.sql(Login::App, &request(&parent_of_b)).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "another tenant's parent is as good as missing: {error}");
}

#[tokio::test]
async fn without_claims_every_statement_on_tenant_data_is_an_error() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    seed(&database).await;
    for table in SCHEMA.tables().map(|table| table.name) {
        for statement in [format!("SELECT * FROM {table}"), format!("SELECT count(*) FROM {table}")] {
            let unset = format!("SET ROLE authenticated; {statement}");
            let error = database.sql(Login::App, &unset).await.unwrap_err();
            assert_eq!(error.code(), Some("42704"), "{statement}: {error}");
        }
    }
    let insert = "SET ROLE authenticated; INSERT INTO integrations (name, slug, auth_type) VALUES ('I', 'x', 'basic')";
    assert_eq!(database.sql(Login::App, insert).await.unwrap_err().code(), Some("42704"));
    // After a transaction that set them, they are empty and no longer unset.
    let after = format!(
        "{}; SET ROLE authenticated; SELECT * FROM integrations",
        request("authenticated", &claims(A), "SELECT 1")
    );
    assert_eq!(database.sql(Login::App, &after).await.unwrap_err().code(), Some("22P02"));
}

#[tokio::test]
async fn claims_without_the_tenant_or_with_garbage_show_no_row_and_write_none() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    seed(&database).await;
    let absent = ["{}", "null", "[]", r#"{"app_metadata": {}}"#, r#"{"app_metadata": {"tenant_id": null}}"#];
    let elsewhere = [
        format!(r#"{{"tenant_id": "{A}"}}"#),
        format!(r#"{{"user_metadata": {{"tenant_id": "{A}"}}}}"#),
        format!(r#"{{"app_metadata": {{"Tenant_Id": "{A}"}}}}"#),
    ];
    let garbage = [
        String::new(),
        "{".to_owned(),
        claims("*"),
        claims("%"),
        claims(&format!("{A} or true")),
        format!(r#"{{"app_metadata": {{"tenant_id": ["{A}"]}}}}"#),
        r#"{"app_metadata": {"tenant_id": true}}"#.to_owned(),
    ];
    let claims = absent.map(str::to_owned).into_iter().chain(elsewhere).chain(garbage);
    let insert = "INSERT INTO integrations (name, slug, auth_type) VALUES ('I', 'x', 'basic')";
    for claims in claims {
        for table in SCHEMA.tables().map(|table| table.name) {
            let read =
                database.sql(Login::App, &request("authenticated", &claims, &format!("SELECT * FROM {table}"))).await;
            match read {
                Ok(rows) => assert!(rows.is_empty(), "{claims} shows {table}"),
                Err(error) => assert!(error.is_invalid_value(), "{claims}: {error}"),
            }
        }
        for write in [insert, "UPDATE integrations SET name = 'x' RETURNING 1", "DELETE FROM integrations RETURNING 1"]
        {
            let written = database.sql(Login::App, &request("authenticated", &claims, write)).await;
            assert!(written.is_err() || write != insert && written.unwrap().is_empty(), "{claims}: {write}");
        }
    }
    assert_eq!(database.column(Login::Admin, "SELECT count(*) FROM integrations").await, ["2"]);
}

#[tokio::test]
async fn anon_may_do_nothing_with_tenant_data_whatever_it_claims() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    seed(&database).await;
    for table in SCHEMA.tables().map(|table| table.name).chain(["waygate.data_keys", "waygate.service_log"]) {
        for statement in [format!("SELECT 1 FROM {table}"), format!("DELETE FROM {table}")] {
            let error = database.sql(Login::App, &request("anon", &claims(A), &statement)).await.unwrap_err();
            assert_eq!(error.code(), Some("42501"), "{statement}: {error}");
        }
    }
    let login = request("anon", &claims(A), "SELECT waygate.tenant_for_key('x')");
    assert_eq!(database.sql(Login::App, &login).await.unwrap_err().code(), Some("42501"));
}

#[tokio::test]
async fn data_keys_are_their_tenants_by_the_claims_too() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let key = |scope: &str, byte: &str| {
        format!(
            "INSERT INTO waygate.data_keys (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped)
             VALUES (decode(repeat('{byte}', 16), 'hex'), decode(repeat('{byte}', 32), 'hex'), '{scope}', 1, 1, 'active',
                     'test', 'k', 'x')"
        )
    };
    database.sql(Login::Service, &request("service_role", "{}", &key("app", "00"))).await.unwrap();
    for (tenant, byte) in [(A, "0a"), (B, "0b")] {
        database.sql(Login::App, &request("authenticated", &claims(tenant), &key(tenant, byte))).await.unwrap();
    }
    let of_b = request("authenticated", &claims(A), &key(B, "0c"));
    assert_eq!(database.sql(Login::App, &of_b).await.unwrap_err().code(), Some("42501"));
    let scopes = "SELECT scope FROM waygate.data_keys ORDER BY scope";
    assert_eq!(database.column(Login::App, &request("authenticated", &claims(A), scopes)).await, [A, "app"]);
    let without_claims = format!("SET ROLE authenticated; {scopes}");
    assert_eq!(database.column(Login::App, &without_claims).await, ["app"]);
}

#[tokio::test]
async fn maintenance_of_the_service_leaves_updated_at_alone() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    seed(&database).await;
    let update = "SET LOCAL waygate.maintenance = 'on';
                  UPDATE integrations SET name = name RETURNING updated_at = now()";
    let moved = |role: &str| request(role, &claims(A), update);
    assert_eq!(database.column(Login::Service, &moved("service_role")).await, ["f", "f"]);
    assert_eq!(database.column(Login::App, &moved("authenticated")).await, ["t"]);
}
