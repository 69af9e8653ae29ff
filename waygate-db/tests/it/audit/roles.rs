//! Powers over row security, of our roles and of those that they can become.
//!
//! Roles belong to the whole server; these are altered in transactions that are rolled back.

use super::added_by;
use crate::support::database::Database;

#[tokio::test]
async fn a_power_over_row_security_fails_also_two_memberships_away() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    for power in ["SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION"] {
        for role in ["waygate_app", "waygate_service", "waygate_migrator", "waygate_login"] {
            let added = added_by(&session, &format!("RESET ROLE; ALTER ROLE {role} {power}")).await;
            assert!(added.contains(&format!("failure role-powers: role {role}")), "{role} {power}: {added:?}");
        }
        let far = format!(
            "RESET ROLE; CREATE ROLE audit_near; CREATE ROLE audit_far {power};
             GRANT audit_far TO audit_near; GRANT audit_near TO waygate_app"
        );
        let added = added_by(&session, &far).await;
        assert!(added.contains(&"failure role-powers: role audit_far".to_owned()), "{power}: {added:?}");
        assert!(added.contains(&"failure role-is-member: role waygate_app".to_owned()), "{power}: {added:?}");
    }
}

#[tokio::test]
async fn members_beyond_ours_fail_and_others_above_row_security_are_listed() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    for (script, expected) in [
        ("GRANT waygate_service TO waygate_app", "failure role-is-member: role waygate_app"),
        ("CREATE ROLE audit_more; GRANT waygate_owner TO audit_more", "failure role-has-member: role waygate_owner"),
        ("CREATE ROLE audit_more; GRANT waygate_login TO audit_more", "failure role-has-member: role waygate_login"),
        ("ALTER ROLE waygate_owner LOGIN", "failure owner-can-login: role waygate_owner"),
        ("ALTER ROLE waygate_login LOGIN", "failure owner-can-login: role waygate_login"),
        ("CREATE ROLE audit_more LOGIN BYPASSRLS", "note other-login-above-row-security: role audit_more"),
    ] {
        let mut added = added_by(&session, &format!("RESET ROLE; {script}")).await;
        added.retain(|one| !one.starts_with("failure server-version"));
        assert_eq!(added, [expected], "{script}");
    }
}

#[tokio::test]
async fn an_old_server_fails_once_a_login_can_change_its_role() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    let added = added_by(&session, "RESET ROLE; CREATE ROLE audit_more; GRANT audit_more TO waygate_app").await;
    let number: u32 = database.administrator().await.value("SHOW server_version_num").await.parse().unwrap();
    let is_old = [(15, 19), (16, 15), (17, 11), (18, 6)]
        .iter()
        .any(|(major, mended)| number / 10_000 == *major && number % 10_000 < *mended);
    assert_eq!(added.iter().any(|one| one.starts_with("failure server-version")), is_old, "{added:?}");
}

#[tokio::test]
async fn a_setting_that_sessions_start_with_fails() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    let tenant = "'aaaaaaaa-0000-4000-8000-000000000000'";
    for (name, value, severity) in [
        ("waygate.tenant_id", tenant, "failure"),
        ("Waygate.Tenant_Id", tenant, "failure"),
        ("waygate.tenant_seal", "'a.b.c'", "failure"),
        ("request.jwt.claims", "'{}'", "failure"),
        ("role", "waygate_service", "failure"),
        ("session_authorization", "waygate_service", "failure"),
        ("row_security", "off", "failure"),
        ("session_replication_role", "replica", "failure"),
        ("search_path", "pg_temp", "advice"),
    ] {
        for role in ["waygate_app", "waygate_service"] {
            let added = added_by(&session, &format!("RESET ROLE; ALTER ROLE {role} SET {name} = {value}")).await;
            assert_eq!(added, [format!("{severity} default-setting: settings of role {role}")], "{name}");
        }
        let base = format!(
            "RESET ROLE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {name} = {}', current_database()); END $$",
            value.replace('\'', "''"),
        );
        let added = added_by(&session, &base).await;
        let is_told = |one: &String| one.starts_with(&format!("{severity} default-setting: settings of database "));
        assert!(added.len() == 1 && added.iter().all(is_told), "{name}: {added:?}");
    }
    let all = format!("RESET ROLE; ALTER ROLE ALL SET waygate.tenant_id = {tenant}");
    assert_eq!(added_by(&session, &all).await, ["failure default-setting: settings of all roles"]);
    let inside = all.replace("ALL SET", "waygate_app IN DATABASE postgres SET");
    assert_eq!(added_by(&session, &inside).await, [""; 0], "another database's sessions");
    let harmless = "RESET ROLE; ALTER ROLE waygate_app SET statement_timeout = '5s'; \
                    ALTER ROLE waygate_migrator SET role = waygate_owner";
    assert_eq!(added_by(&session, harmless).await, [""; 0], "no login of a running service, or no matter");
}
