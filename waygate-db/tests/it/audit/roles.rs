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
