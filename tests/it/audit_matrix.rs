//! The audit's matrix on the six models: what holds on a deployed database, and what a hole in it shows.

use waygate::models::SCHEMA;
use waygate_db::audit::{self, Finding, Logins, Operation, Outcome, Part, Report, Severity};
use waygate_db::{Dialect, Maintenance};

use crate::support::{Login, TestDb};

/// What begins the keys of scratch rows.
const SCRATCH: &str = "77617967-6174-8";

async fn audit(test: &TestDb) -> Report {
    let session = Maintenance::connect(&test.urls().migrator.to_config()).await.unwrap();
    let report = audit::run(&session, &SCHEMA, &Dialect::Postgres, &logins(test)).await.unwrap();
    session.close().await;
    report
}

fn logins(test: &TestDb) -> Logins {
    Logins { app: Some(test.urls().app.clone()), service: Some(test.urls().service.clone()) }
}

/// The failures of one part.
fn failures(report: &Report, part: Part) -> Vec<&Finding> {
    report.findings.iter().filter(|one| one.part == part && one.severity == Severity::Failure).collect()
}

async fn scratch_rows(test: &TestDb) -> u64 {
    let mut rows = 0;
    for table in SCHEMA.tables() {
        let count = format!("SELECT count(*) FROM {} WHERE id::text LIKE '{SCRATCH}%'", table.name);
        rows += test.value(Login::Service, &count).await.parse::<u64>().unwrap();
    }
    rows
}

#[tokio::test]
async fn the_deployed_models_hold_in_every_cell_and_nothing_of_the_audit_stays() {
    let test = TestDb::new().await;
    let report = audit(&test).await;
    println!("{}", report.matrix);
    assert_eq!(failures(&report, Part::Probe), Vec::<&Finding>::new());
    assert_eq!(failures(&report, Part::Matrix), Vec::<&Finding>::new());
    assert_eq!(report.matrix.lines.len(), SCHEMA.tables().count() * Operation::ALL.len());
    assert_eq!(report.matrix.count(Outcome::Leaked), 0);
    assert_eq!(report.matrix.count(Outcome::ControlFailed), 0);
    assert!(report.matrix.count(Outcome::Held) > 600, "{}", report.matrix);
    assert_eq!(scratch_rows(&test).await, 0);
    let reasons = test.rows_of(Login::Service, "SELECT reason FROM waygate.service_log").await;
    assert!(reasons.iter().flatten().flatten().all(|reason| reason.contains("waygate-audit-")), "{reasons:?}");
    assert!(!reasons.is_empty());
    println!("{:#?}", report.findings);
}

#[tokio::test]
async fn the_self_test_finds_every_hole_that_it_plants_and_leaves_nothing() {
    let test = TestDb::new().await;
    let session = Maintenance::connect(&test.urls().migrator.to_config()).await.unwrap();
    let start = std::time::Instant::now();
    let result = audit::self_test(&session, &SCHEMA, &Dialect::Postgres, &logins(&test)).await.unwrap();
    println!("{result:#?} in {:?}", start.elapsed());
    assert!(result.kinds >= 30, "{result:#?}");
    assert_eq!(result.planted, result.found, "{:#?}", result.missed);
    let copies = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'waygate_audit%'";
    assert_eq!(test.value(Login::Admin, copies).await, "0");
}
