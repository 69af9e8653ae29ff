//! The audit's matrix on the six models: what holds on a deployed database, and what a hole in it shows.

use std::sync::Arc;
use std::time::Duration;

use waygate::models::SCHEMA;
use waygate_db::audit::{self, Finding, Logins, Operation, Outcome, Part, Report, Severity};
use waygate_db::{Dialect, Maintenance};

use crate::adversary::report;
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
    Logins { app: Some(test.urls().app.clone()), service: Some(test.urls().service.clone()), seal: None }
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
    assert_eq!(failures(&report, Part::Escalation), Vec::<&Finding>::new());
    let forged: Vec<_> = report.findings.iter().filter(|one| one.rule == "escalation-set-config").collect();
    assert_eq!(forged.len(), 1, "under the plain policies SQL that is injected can name a tenant");
    assert!(forged[0].severity == Severity::Advice && forged[0].what.contains("public.actions"), "{forged:?}");
}

#[tokio::test]
async fn the_matrix_and_the_probe_name_what_is_open() {
    let test = TestDb::new().await;
    for sql in [
        "ALTER POLICY actions_app ON actions USING (true)",
        "ALTER TABLE request_logs DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE integration_credentials DROP CONSTRAINT integration_credentials_tenant_id_integration_id_fkey",
        "GRANT DELETE ON tenants TO waygate_app",
    ] {
        test.rows_of(Login::Owner, sql).await;
    }
    let report = audit(&test).await;
    let leaks: Vec<_> = failures(&report, Part::Matrix).into_iter().filter(|one| one.rule == "matrix-leak").collect();
    for (table, operation) in [
        ("public.actions", "point select"),
        ("public.actions", "delete"),
        // Whose action shows, his mapping does.
        ("public.field_mappings", "select"),
        ("public.request_logs", "copy"),
        ("public.integration_credentials", "child to foreign parent"),
        ("public.tenants", "delete"),
    ] {
        let is_told = |one: &&&Finding| one.object == table && one.what.starts_with(operation);
        assert!(leaks.iter().any(|one| is_told(&one)), "{operation} on {table}: {leaks:#?}");
    }
    assert!(leaks.iter().all(|one| one.object != "public.integrations"), "{leaks:#?}");
    let unbound: Vec<_> = failures(&report, Part::Probe).into_iter().map(|one| one.object.as_str()).collect();
    assert_eq!(unbound, ["public.request_logs"]);
    assert!(!report.is_proof(Severity::Failure));
    assert_eq!(scratch_rows(&test).await, 0);
}

#[tokio::test]
async fn the_ways_out_that_a_right_and_a_function_open_are_named() {
    let test = TestDb::new().await;
    test.rows_of(
        Login::Owner,
        "CREATE FUNCTION public.everything() RETURNS bigint LANGUAGE sql SECURITY DEFINER \
         AS 'SELECT count(*) FROM public.actions'; \
         GRANT EXECUTE ON FUNCTION public.everything() TO waygate_app; GRANT CREATE ON SCHEMA public TO waygate_app",
    )
    .await;
    // The catalogue is each database's own, so no other test sees these rights.
    test.rows_of(
        Login::Admin,
        "GRANT SELECT ON pg_catalog.pg_statistic_ext_data, pg_catalog.pg_largeobject TO waygate_app; \
         GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text) TO waygate_app",
    )
    .await;
    let report = audit(&test).await;
    let told: Vec<_> =
        failures(&report, Part::Escalation).into_iter().map(|one| (one.rule, one.what.as_str())).collect();
    let has = |rule: &str, words: &str| told.iter().any(|(told, what)| *told == rule && what.contains(words));
    assert!(has("escalation-definer", "everything()"), "{told:#?}");
    for power in ["make a table", "extended statistics", "everyone's large objects", "files as bytes"] {
        assert!(has("escalation-power", power), "{power}: {told:#?}");
    }
}

#[tokio::test]
async fn the_next_audit_erases_what_a_killed_one_left_and_leaves_alone_what_another_uses() {
    let test = Arc::new(TestDb::new().await);
    let other = Arc::clone(&test);
    let killed = tokio::spawn(async move { audit(&other).await });
    while scratch_rows(&test).await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());
    assert!(scratch_rows(&test).await > 0, "the audit was killed in the middle");
    let (one, another) = tokio::join!(audit(&test), audit(&test));
    for report in [one, another] {
        assert_eq!(failures(&report, Part::Matrix), Vec::<&Finding>::new());
    }
    assert_eq!(scratch_rows(&test).await, 0);
}

#[tokio::test]
async fn the_self_test_finds_every_hole_that_it_plants_and_leaves_nothing() {
    let test = TestDb::new().await;
    let session = Maintenance::connect(&test.urls().migrator.to_config()).await.unwrap();
    let result = audit::self_test(&session, &SCHEMA, &Dialect::Postgres, &logins(&test)).await.unwrap();
    report(format_args!("holes planted by the audit's self-test: {}, found: {}", result.planted, result.found));
    assert!(result.kinds >= 30, "{result:#?}");
    assert_eq!(result.planted, result.found, "{:#?}", result.missed);
    let copies = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'waygate_audit%'";
    assert_eq!(test.value(Login::Admin, copies).await, "0");
}
