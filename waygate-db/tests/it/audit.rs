//! The audit's catalogue part, on databases with holes in them.

mod mutations;

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

/// The rules that a script breaks and that hold without it, each with its object.
async fn broken_by(session: &Maintenance, script: &str) -> Vec<String> {
    let told = |findings: Vec<Finding>| -> Vec<String> {
        findings.into_iter().map(|one| format!("{} {}: {}", one.severity, one.rule, one.object)).collect()
    };
    let before = told(after(session, "").await.unwrap());
    let mut after = told(after(session, script).await.unwrap_or_else(|error| panic!("{script}: {error:?}")));
    after.retain(|finding| !before.contains(finding));
    after
}

#[tokio::test]
async fn the_deployed_models_have_no_failure() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    let findings = after(&session, "").await.unwrap();
    for one in &findings {
        println!("{} {} {}: {} -> {}", one.severity, one.rule, one.object, one.what, one.help);
    }
    let failures: Vec<_> = findings.iter().filter(|one| one.severity == Severity::Failure).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}
