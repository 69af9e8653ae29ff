//! The audit of a database on Supabase.

use waygate::models::SCHEMA;
use waygate_db::Maintenance;
use waygate_db::audit::{self, Finding, Logins, Outcome, Severity};

use crate::support::SupabaseDb;
use crate::support::supabase::dialect;

#[tokio::test]
async fn the_supabase_history_holds_in_every_cell() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    let session = Maintenance::connect(&database.urls.migrator.to_config()).await.unwrap();
    let logins =
        Logins { app: Some(database.urls.app.clone()), service: Some(database.urls.service.clone()), seal: None };
    let report = audit::run(&session, &SCHEMA, &dialect(), &logins).await.unwrap();

        "{:#?}\n{}",
        report.findings.iter().filter(|one| !one.rule.starts_with("index")).collect::<Vec<_>>(),
        report.matrix
    );
    let is_failure = |one: &&Finding| one.severity == Severity::Failure;
    assert_eq!(report.findings.iter().filter(is_failure).collect::<Vec<_>>(), Vec::<&Finding>::new());
    assert!(report.is_proof(false), "{:?}", report.not_run);
    let [held, leaked, failed] =
        [Outcome::Held, Outcome::Leaked, Outcome::ControlFailed].map(|outcome| report.matrix.count(outcome));
    assert!(held > 600 && leaked == 0 && failed == 0, "{}", report.matrix);
}
