//! `waygate audit` from outside: what it says, and how it ends.

mod stopped;

use std::sync::Arc;

use serde_json::Value;
use waygate::MIGRATIONS;
use waygate::models::SCHEMA;
use waygate_db::local::{Cluster, LocalOptions, run_sql};

use crate::cli::{Ended, Waygate};
use crate::support::{EmptyDb, Login, TestDb, environment};

/// The report of an audit that ends with this code.
#[track_caller]
fn report(waygate: &Waygate, arguments: &[&str], code: i32) -> Value {
    let ended: Ended = waygate.run(&[&["audit", "--json"], arguments].concat());
    assert_eq!(ended.code, code, "{}{}", ended.stdout, ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// The findings of a rule on an object that are failures.
fn failures(report: &Value, rule: &str, object: &str) -> usize {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|one| {
            (&one["rule"], &one["object"], &one["severity"]) == (&rule.into(), &object.into(), &"failure".into())
        })
        .count()
}

#[tokio::test]
async fn an_audit_of_the_deployed_schema_finds_no_failure() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    let report = report(&waygate, &[], 0);
    assert_eq!((&report["proven"], &report["failures"]), (&true.into(), &0.into()), "{report:#}");
    let printed = waygate.prints(&["audit"]);
    assert!(printed.contains(" cells held, 0 leaked, 0 without a working control"), "{printed}");
    for table in SCHEMA.tables() {
        assert!(printed.lines().any(|line| line.starts_with(table.model) && line.contains("move to another tenant")));
    }
    let strict = waygate.run(&["audit", "--strict"]);
    assert_eq!(strict.code, 4, "the models' own indexes are advice");
    assert!(strict.stdout.contains("index-not-led-by-tenant"), "{}", strict.stdout);
    assert!(
        strict.stdout.contains("audit: 0 failures, ") && strict.stdout.contains("is not proven"),
        "{}",
        strict.stdout
    );
}

#[tokio::test]
async fn a_hole_is_named_and_fails_the_audit() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    for (hole, rule, object) in [
        ("DROP POLICY actions_owner ON actions", "policy-missing", "policy actions_owner on public.actions"),
        ("ALTER POLICY actions_app ON actions USING (true)", "policy-using", "policy actions_app on public.actions"),
        ("ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY", "row-security-not-forced", "public.tenants"),
        ("GRANT ALL ON request_logs TO waygate_app", "grant-extra", "grants of waygate_app on public.request_logs"),
        (
            "ALTER TABLE actions ADD CONSTRAINT loose FOREIGN KEY (integration_id) REFERENCES integrations (id)",
            "foreign-key-plain",
            "foreign key loose on public.actions",
        ),
    ] {
        test.rows_of(Login::Owner, hole).await;
        let report = report(&waygate, &[], 4);
        assert_eq!(failures(&report, rule, object), 1, "{hole}: {report:#}");
    }
    let ended = waygate.run(&["audit"]);
    assert!(ended.code == 4 && ended.stdout.contains("policy-missing"), "{}", ended.stdout);
    let is_leak = |line: &str| line.starts_with("Action ") && line.contains('✘');
    assert!(ended.stdout.lines().any(is_leak), "the matrix shows what the policies let through: {}", ended.stdout);
    let report = report(&waygate, &[], 4);
    let of_catalogue = |one: &&serde_json::Value| one["part"] == "catalogue" && one["severity"] == "failure";
    assert_eq!(report["findings"].as_array().unwrap().iter().filter(of_catalogue).count(), 5, "{report:#}");
    assert!(ended.stdout.contains(&format!("audit: {} failures, ", report["failures"])), "{}", ended.stdout);
}

#[tokio::test]
async fn without_a_login_nothing_is_proven() {
    let test = TestDb::new().await;
    let waygate = Waygate::new().var("WAYGATE_MIGRATOR_URL", test.urls().migrator.expose());
    let report = report(&waygate, &[], 4);
    assert_eq!((&report["proven"], &report["failures"]), (&false.into(), &0.into()), "{report:#}");
    let parts: Vec<_> = report["not_run"].as_array().unwrap().iter().map(|one| one["part"].as_str().unwrap()).collect();
    assert!(["probe", "matrix", "escalation"].iter().all(|part| parts.contains(part)), "{parts:?}");
    let printed = waygate.run(&["audit"]).stdout;
    assert!(printed.contains("not run: probe, because WAYGATE_APP_URL is not set"), "{printed}");
}

#[tokio::test]
async fn a_database_without_the_tables_is_told_to_deploy() {
    let empty = EmptyDb::new().await;
    let error = Waygate::on(empty.scratch.urls()).fails(1, &["audit"]);
    assert!(error.contains("migrate deploy"), "{error}");
}

/// On a server of its own: what is altered here, every database of a server would see.
#[tokio::test]
async fn bypassrls_on_a_role_that_the_app_can_become_fails_the_audit() {
    let environment = environment();
    let cluster = match Cluster::private(LocalOptions::from_environment(&environment)).await {
        Ok(cluster) => Arc::new(cluster),
        Err(error) if environment.get("DATABASE_URL").is_some() => {
            eprintln!("skipped: this test needs a server of its own, and {error}");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let scratch = cluster.create("audit").await.unwrap();
    scratch.deploy(MIGRATIONS).await.unwrap();
    let waygate = Waygate::on(scratch.urls());
    report(&waygate, &[], 0);

    run_sql(&scratch.urls().admin, "ALTER ROLE waygate_app BYPASSRLS").await.unwrap();
    assert_eq!(failures(&report(&waygate, &[], 4), "role-powers", "role waygate_app"), 1);
    let far = "ALTER ROLE waygate_app NOBYPASSRLS; CREATE ROLE near; CREATE ROLE far BYPASSRLS; \
               GRANT far TO near; GRANT near TO waygate_app";
    run_sql(&scratch.urls().admin, far).await.unwrap();
    let report = report(&waygate, &[], 4);
    assert_eq!(failures(&report, "role-powers", "role far"), 1, "{report:#}");
    assert_eq!(failures(&report, "role-is-member", "role waygate_app"), 1, "{report:#}");
}

#[tokio::test]
async fn a_dialect_that_the_audit_does_not_know_is_refused() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    for arguments in [&["audit", "--dialect", "citus"][..], &["audit", "--self-test", "--dialect", "citus"]] {
        let error = waygate.fails(1, arguments);
        assert!(error.contains("cannot judge the dialect `citus`"), "{error}");
    }
}
