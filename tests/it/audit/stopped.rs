//! What an audit says where something stands in its way: the report comes all the same, and proves nothing.

use waygate::DIALECTS;
use waygate_db::DatabaseUrl;

use super::{failures, report};
use crate::cli::Waygate;
use crate::support::{EmptyDb, Login, TestDb};

/// No scratch row of an audit is there.
async fn nothing_stays(test: &TestDb) {
    for table in ["tenants", "actions"] {
        assert_eq!(test.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn logins_that_lead_to_different_databases_prove_nothing() {
    let (test, other) = (TestDb::new().await, TestDb::new().await);
    let urls = |app: &DatabaseUrl, service: &DatabaseUrl, migrator: &DatabaseUrl| {
        Waygate::new()
            .var("WAYGATE_APP_URL", app.expose())
            .var("WAYGATE_SERVICE_URL", service.expose())
            .var("WAYGATE_MIGRATOR_URL", migrator.expose())
    };
    let (here, there) = (test.urls(), other.urls());
    for (waygate, strays) in [
        (urls(&there.app, &here.service, &here.migrator), &["WAYGATE_APP_URL"][..]),
        (urls(&here.app, &there.service, &here.migrator), &["WAYGATE_SERVICE_URL"]),
        (urls(&here.app, &here.service, &there.migrator), &["WAYGATE_APP_URL", "WAYGATE_SERVICE_URL"]),
    ] {
        let report = report(&waygate, &[], 4);
        assert_eq!(report["failures"], strays.len(), "{report:#}");
        for stray in strays {
            assert_eq!(failures(&report, "other-database", stray), 1, "{report:#}");
        }
        assert!(report["matrix"]["lines"].as_array().is_none_or(Vec::is_empty), "{report:#}");
        let error = waygate.fails(1, &["audit", "--self-test"]);
        assert!(error.contains(strays[0]) && error.contains("another database"), "{error}");
        assert!(waygate.run(&["audit"]).stdout.contains("leads to another database"));
    }
    nothing_stays(&test).await;
    nothing_stays(&other).await;
    report(&Waygate::on(test.urls()), &[], 0);
}

#[tokio::test]
async fn a_table_of_another_owner_is_told_and_hides_nothing_else() {
    let test = TestDb::new().await;
    for owner in ["CURRENT_USER", "waygate_app"] {
        test.rows_of(Login::Admin, &format!("ALTER TABLE actions OWNER TO {owner}")).await;
        let report = report(&Waygate::on(test.urls()), &[], 4);
        assert_eq!(failures(&report, "table-owner", "public.actions"), 1, "{owner}: {report:#}");
        nothing_stays(&test).await;
    }
    test.rows_of(Login::Admin, "ALTER TABLE actions OWNER TO waygate_owner").await;
}

#[tokio::test]
async fn a_publication_by_which_no_row_can_be_deleted_is_told_and_leaves_no_row() {
    let test = TestDb::new().await;
    test.rows_of(Login::Admin, "CREATE PUBLICATION partial FOR TABLE actions WHERE (tenant_id IS NOT NULL)").await;
    let waygate = Waygate::on(test.urls());
    let found = report(&waygate, &[], 4);
    assert_eq!(failures(&found, "publication", "publication partial"), 1, "{found:#}");
    assert_eq!(failures(&found, "matrix-fixture", "public"), 1, "{found:#}");
    nothing_stays(&test).await;
    test.rows_of(Login::Admin, "DROP PUBLICATION partial").await;
    report(&waygate, &[], 0);
}

#[tokio::test]
async fn what_stops_one_part_leaves_the_others_findings() {
    let test = TestDb::new().await;
    test.rows_of(Login::Admin, "REVOKE ALL ON waygate.service_log FROM waygate_service").await;
    let report = report(&Waygate::on(test.urls()), &[], 4);
    let is_told = |one: &serde_json::Value| one["object"] == "grants of waygate_service on waygate.service_log";
    assert!(report["findings"].as_array().unwrap().iter().any(is_told), "{report:#}");
    let not_run: Vec<_> =
        report["not_run"].as_array().unwrap().iter().map(|one| one["part"].as_str().unwrap()).collect();
    assert_eq!(not_run, ["matrix", "escalation"], "{report:#}");
}

#[tokio::test]
async fn without_a_login_that_reads_the_catalogue_the_rest_is_reported() {
    let test = TestDb::new().await;
    let waygate = || {
        Waygate::new()
            .var("WAYGATE_APP_URL", test.urls().app.expose())
            .var("WAYGATE_SERVICE_URL", test.urls().service.expose())
    };
    let printed = waygate().run(&["audit"]);
    assert_eq!(printed.code, 4, "{}{}", printed.stdout, printed.stderr);
    for part in ["catalogue", "matrix", "escalation"] {
        let line = format!("not run: {part}, because neither WAYGATE_MIGRATOR_URL nor DATABASE_URL is set");
        assert!(printed.stdout.contains(&line), "{}", printed.stdout);
    }
    assert!(!printed.stdout.contains("not run: probe"), "{}", printed.stdout);
    test.rows_of(Login::Owner, "ALTER TABLE actions DISABLE ROW LEVEL SECURITY").await;
    assert_eq!(failures(&report(&waygate(), &[], 4), "probe-unbound", "public.actions"), 1);
    let nothing = Waygate::new().run(&["audit"]);
    assert!(nothing.code == 4 && nothing.stdout.contains("not run: probe, because"), "{}", nothing.stdout);
}

#[tokio::test]
async fn a_database_of_another_dialect_is_told_in_one_line() {
    let plain = TestDb::new().await;
    let error = Waygate::on(plain.urls()).fails(1, &["audit", "--dialect", "sealed"]);
    assert!(error.contains("judges the dialect `sealed`, and this database was deployed in another"), "{error}");
    let sealed = EmptyDb::new().await;
    let history = DIALECTS.iter().find(|history| history.dialect == "sealed").unwrap();
    sealed.scratch.deploy(history.migrations).await.unwrap();
    for arguments in [&["audit"][..], &["audit", "--self-test"]] {
        let error = Waygate::on(sealed.scratch.urls()).fails(1, arguments);
        assert!(error.contains("`postgres`, and this database was deployed in the dialect `sealed`"), "{error}");
        assert!(error.contains("WAYGATE_DIALECT"), "{error}");
    }
}

#[tokio::test]
async fn a_report_that_no_terminal_shows_is_as_wide_as_a_page() {
    let test = TestDb::new().await;
    test.rows_of(Login::Owner, "GRANT ALL ON integration_credentials TO waygate_app").await;
    let printed = Waygate::on(test.urls()).run(&["audit"]).stdout;
    let widest = printed.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 120, "{widest}: {printed}");
    assert!(printed.contains("index-not-led-by-tenant") && printed.contains("grant-extra"), "{printed}");
}
