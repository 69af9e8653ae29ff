//! The audit's catalogue part, on databases with holes in them.

mod holes;
mod mutations;
mod roles;

use waygate_db::audit::{Finding, Severity, foresee};
use waygate_db::migrate::Migration;
use waygate_db::{Dialect, Maintenance, Result};

use crate::support::database::Database;
use crate::support::waygate_schema::SCHEMA;

/// What the audit finds after a script that is rolled back. It begins as `waygate_owner`, whose session is an
/// administrator's.
async fn after(session: &Maintenance, script: &str) -> Result<Vec<Finding>> {
    let script: &'static str = script.to_owned().leak();
    let migration = Migration::embedded("20250101000000_hole", script, None);
    foresee(session, &SCHEMA, &Dialect::Postgres, &migration).await
}

/// The findings that a script adds, as `severity rule: object`. Nothing of the script stays.
async fn added_by(session: &Maintenance, script: &str) -> Vec<String> {
    let told = |findings: Vec<Finding>| -> Vec<String> {
        findings.into_iter().map(|one| format!("{} {}: {}", one.severity, one.rule, one.object)).collect()
    };
    let before = told(after(session, "").await.unwrap());
    let mut findings = told(after(session, script).await.unwrap_or_else(|error| panic!("{script}: {error:?}")));
    findings.retain(|finding| !before.contains(finding));
    findings
}

#[tokio::test]
async fn the_deployed_models_have_no_failure_and_advice_of_their_own_indexes_alone() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    let findings = after(&session, "").await.unwrap();
    let failures: Vec<_> = findings.iter().filter(|one| one.severity == Severity::Failure).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    let advice = findings.iter().filter(|one| one.severity == Severity::Advice);
    let known = ["index-not-led-by-tenant", "index-not-leakproof", "event-trigger-missing", "server-version"];
    let others: Vec<_> = advice.filter(|one| !known.contains(&one.rule)).collect();
    assert!(others.is_empty(), "{others:#?}");
    let leaky =
        |index: &str| findings.iter().any(|one| one.rule == "index-not-leakproof" && one.object.contains(index));
    assert!(leaky("integrations_status_idx") && leaky("integrations_tags_idx"), "an enum and an array");
    assert!(!leaky("integrations_tenant_slug_idx") && !leaky("logs_tenant_created_idx"), "a uuid, a text, a time");
}

#[tokio::test]
async fn a_migration_that_would_end_the_transaction_is_not_tried() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    let error = after(&session, "DROP POLICY actions_app ON actions; COMMIT").await.unwrap_err();
    assert!(error.is_migration_file(), "{error}");
    assert!(added_by(&session, "SELECT 1").await.is_empty());
}

#[tokio::test]
async fn an_audit_does_not_wait_for_those_who_use_the_tables() {
    let database = Database::deployed().await;
    let user = database.administrator().await;
    user.run("BEGIN; LOCK TABLE tenants, integrations, actions, request_logs IN ROW EXCLUSIVE MODE").await;
    let session = database.maintenance().await;
    assert!(added_by(&session, "SELECT 1").await.is_empty());
    user.run("ROLLBACK").await;
}

#[tokio::test]
async fn audits_at_the_same_time_do_not_disturb_each_other() {
    let database = Database::deployed().await;
    let (one, two, three) = (database.maintenance().await, database.maintenance().await, database.maintenance().await);
    let hole = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO waygate_app";
    let (first, second, third) =
        tokio::join!(added_by(&one, "SELECT 1"), added_by(&two, hole), added_by(&three, "SELECT 1"));
    assert_eq!((first.len(), second.len(), third.len()), (0, 1, 0), "{first:?} {second:?} {third:?}");
}

#[tokio::test]
async fn an_audit_leaves_no_schema_behind() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    let schemas = "SELECT nspname FROM pg_namespace ORDER BY 1";
    let administrator = database.administrator().await;
    let before = administrator.column(schemas).await;
    after(&session, "CREATE TABLE public.stranger (id int)").await.unwrap();
    assert_eq!(administrator.column(schemas).await, before);
    assert_eq!(administrator.column("SELECT to_regclass('public.stranger')::text").await, [""]);
}
