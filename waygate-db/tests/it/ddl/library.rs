//! What the library's own objects do: data keys, the service's log, the login function, the domain.

use super::seed::{A, B, id, seed};
use crate::support::database::Database;

/// An insert of one data key of this scope, with a key id of this byte.
fn data_key(scope: &str, byte: &str, version: u32, state: &str) -> String {
    let wrapped = if state == "destroyed" { "NULL" } else { "'x'" };
    format!(
        "INSERT INTO waygate.data_keys (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped) \
         VALUES (decode(repeat('{byte}', 16), 'hex'), decode(repeat('{byte}', 32), 'hex'), '{scope}', 1, {version}, \
         '{state}', 'env', 'one', {wrapped})"
    )
}

#[tokio::test]
async fn a_tenant_reads_its_own_data_keys_and_the_common_ones() {
    let database = Database::deployed().await;
    let service = database.login("waygate_service").await;
    for (scope, byte) in [(A, "0a"), (B, "0b"), ("app", "0c")] {
        service.run(&data_key(scope, byte, 1, "active")).await;
    }
    let read = "SELECT scope FROM waygate.data_keys ORDER BY scope";
    assert_eq!(database.tenant(A).await.column(read).await, [A, "app"]);
    assert_eq!(database.tenant(&A.to_uppercase()).await.column(read).await, [A, "app"]);
    let nobody = database.login("waygate_app").await;
    assert_eq!(nobody.column(read).await, ["app"]);
    nobody.run(&format!("BEGIN; SET LOCAL waygate.tenant_id = '{A}'; COMMIT")).await;
    assert_eq!(nobody.column(read).await, ["app"]);
    assert_eq!(service.column(read).await.len(), 3);
}

#[tokio::test]
async fn a_tenant_makes_its_own_data_keys_and_changes_none() {
    let database = Database::deployed().await;
    let service = database.login("waygate_service").await;
    let a = database.tenant(A).await;
    a.run(&data_key(A, "0a", 1, "active")).await;
    for scope in [B, "app", "*"] {
        assert_eq!(a.refusal(&data_key(scope, "0b", 1, "active")).await, "42501", "{scope}");
    }
    let nobody = database.login("waygate_app").await;
    assert_eq!(nobody.refusal(&data_key(A, "0d", 2, "pending")).await, "42704");
    assert_eq!(a.refusal("UPDATE waygate.data_keys SET state = 'decrypt_only'").await, "42501");
    assert_eq!(a.refusal("DELETE FROM waygate.data_keys").await, "42501");
    assert_eq!(a.refusal("TRUNCATE waygate.data_keys").await, "42501");
    service.run("UPDATE waygate.data_keys SET state = 'destroyed', wrapped = NULL, destroyed_at = now()").await;
    service.run("DELETE FROM waygate.data_keys").await;
    assert_eq!(service.value("SELECT count(*) FROM waygate.data_keys").await, "0");
}

#[tokio::test]
async fn one_data_key_of_a_scope_and_purpose_is_active() {
    let database = Database::deployed().await;
    let a = database.tenant(A).await;
    a.run(&data_key(A, "01", 1, "active")).await;
    assert_eq!(a.refusal(&data_key(A, "02", 2, "active")).await, "23505");
    assert_eq!(a.run(&(data_key(A, "02", 2, "active") + " ON CONFLICT DO NOTHING RETURNING 1")).await.len(), 0);
    assert_eq!(a.refusal(&data_key(A, "03", 1, "decrypt_only")).await, "23505");
    a.run(&data_key(A, "03", 2, "decrypt_only")).await;
    assert_eq!(a.refusal(&data_key(A, "04", 3, "lost")).await, "23514");
    let full = data_key(A, "05", 4, "destroyed").replace("NULL", "'x'");
    assert_eq!(a.refusal(&full).await, "23514");
    assert_eq!(a.refusal(&data_key(A, "05", 4, "pending").replace("'x'", "NULL")).await, "23514");
}

#[tokio::test]
async fn the_service_log_is_written_once_and_by_reason_alone() {
    let database = Database::deployed().await;
    let service = database.login("waygate_service").await;
    service.run("SET application_name = 'billing'").await;
    service.run("INSERT INTO waygate.service_log (reason) VALUES ('refresh tokens')").await;
    let row =
        "SELECT concat_ws('|', reason, application, role, at > now() - interval '1 minute') FROM waygate.service_log";
    assert_eq!(service.value(row).await, "refresh tokens|billing|waygate_service|t");
    for (column, value) in [("role", "root"), ("application", "x"), ("at", "now()"), ("id", id(A, 0).as_str())] {
        let forged = format!("INSERT INTO waygate.service_log (reason, {column}) VALUES ('x', '{value}')");
        assert_eq!(service.refusal(&forged).await, "42501", "{column}");
    }
    for sql in [
        "UPDATE waygate.service_log SET reason = ''",
        "DELETE FROM waygate.service_log",
        "TRUNCATE waygate.service_log",
    ] {
        assert_eq!(service.refusal(sql).await, "42501", "{sql}");
    }
    let a = database.tenant(A).await;
    assert_eq!(a.refusal("SELECT count(*) FROM waygate.service_log").await, "42501");
    assert_eq!(a.refusal("INSERT INTO waygate.service_log (reason) VALUES ('x')").await, "42501");
}

#[tokio::test]
async fn a_tenant_is_found_by_its_key_without_a_tenant() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    let app = database.login("waygate_app").await;
    for tenant in [A, B] {
        assert_eq!(app.value(&format!("SELECT waygate.tenant_for_key('hash of {tenant}')")).await, tenant);
    }
    assert_eq!(app.run("SELECT waygate.tenant_for_key('no such')").await, [[None]]);
    assert_eq!(service.refusal("SELECT waygate.tenant_for_key('x')").await, "42501");
    assert_eq!(app.refusal("SET ROLE waygate_login").await, "42501");
    assert_eq!(app.refusal("SELECT id FROM tenants").await, "42704");
    let login = database.login("waygate_login").await;
    assert_eq!(login.refusal("SELECT name FROM tenants").await, "42501");
}

#[tokio::test]
async fn the_key_before_finds_its_tenant_until_its_time_is_over() {
    let database = Database::deployed().await;
    let service = seed(&database).await;
    let app = database.login("waygate_app").await;
    let previous = format!("'hash before of {A}'");
    for (until, found) in
        [("now() + interval '1 hour'", Some(A)), ("now() - interval '1 second'", None), ("NULL", None)]
    {
        let rotate = format!(
            "UPDATE tenants SET previous_api_key_hash = {previous}, previous_api_key_expires_at = {until} WHERE id = '{A}'"
        );
        service.run(&rotate).await;
        let answer = app.run(&format!("SELECT waygate.tenant_for_key({previous})")).await;
        assert_eq!(answer, [[found.map(str::to_owned)]], "{until}");
        assert_eq!(app.value(&format!("SELECT waygate.tenant_for_key('hash of {A}')")).await, A, "the live key stays");
    }
    for column in ["previous_api_key_hash = 'x'", "previous_api_key_expires_at = 'infinity'"] {
        let extend = format!("SET waygate.tenant_id = '{A}'; UPDATE tenants SET {column}");
        assert_eq!(app.refusal(&extend).await, "42501", "{column}");
    }
}

#[tokio::test]
async fn a_table_of_the_callers_own_does_not_mislead_the_login_function() {
    let database = Database::deployed().await;
    seed(&database).await;
    let administrator = database.administrator().await;
    administrator.run("CREATE SCHEMA evil; GRANT ALL ON SCHEMA evil TO waygate_app").await;
    let app = database.login("waygate_app").await;
    app.run(
        "CREATE FUNCTION evil.eq(varchar, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
         CREATE OPERATOR evil.= (LEFTARG = varchar, RIGHTARG = text, FUNCTION = evil.eq);
         SET search_path = evil, public",
    )
    .await;
    assert_eq!(app.run("SELECT waygate.tenant_for_key('no such')").await, [[None]]);
}

#[tokio::test]
async fn an_encrypted_column_refuses_plaintext() {
    let database = Database::deployed().await;
    seed(&database).await;
    let a = database.tenant(A).await;
    let long = "x".repeat(60);
    for plain in ["secret", long.as_str()] {
        let write = format!("UPDATE integration_credentials SET encrypted_data = '{plain}'");
        assert_eq!(a.refusal(&write).await, "23514");
    }
    a.run("UPDATE integration_credentials SET encrypted_refresh_token = NULL").await;
    assert_eq!(a.refusal("UPDATE integration_credentials SET encrypted_data = NULL").await, "23502");
}
