//! Through a PgBouncer in transaction mode: the same verbs, and a word for who forgot to say that it is there.

use std::process::Command;

use waygate::MIGRATIONS;
use waygate::models::Integration;
use waygate_db::local::run_sql;
use waygate_db::migrate::{DeployOptions, deploy};
use waygate_db::{Db, Error, Maintenance, Model};

use crate::adversary::report;
use crate::support::{Login, Outcome, POOLED, Rows, TestDb, integration, refusal};

/// The suites that are run once more through a pooler: every verb of every model, and what a session promises.
const SUITES: [&str; 8] =
    ["columns::", "isolation::", "models::", "pages::", "queries::", "sealed::", "service::", "transactions::"];

#[tokio::test]
async fn every_suite_of_the_models_passes_through_a_pooler() {
    if TestDb::pooled(1).await.is_none() {
        return;
    }
    let mut suites = Command::new(std::env::current_exe().unwrap());
    suites.args(SUITES).env(POOLED, "1");
    let output = tokio::task::spawn_blocking(move || suites.output().unwrap()).await.unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    let result = text.lines().find(|line| line.starts_with("test result:")).unwrap();
    let passed: u32 = result.split_whitespace().nth(3).unwrap().parse().unwrap();
    report(format_args!("tests of the models passed before PgBouncer: {passed}"));
    assert!(passed > 80, "{result}");
}

#[tokio::test]
async fn many_clients_share_one_connection_of_a_pooler() {
    let Some(test) = TestDb::pooled(1).await else { return };
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let calls = (0..60).map(|number| {
        let (rows, foreign) = if number % 2 == 0 { (&acme, &other) } else { (&other, &acme) };
        async move {
            assert!(Integration::find(foreign.integration.id, &rows.scope).await.unwrap().is_none());
            let row = integration(&format!("row-{number}"), &rows.scope).await.unwrap();
            assert_eq!(row.tenant_id, rows.tenant.id);
        }
    });
    futures_util::future::join_all(calls).await;
    let backends =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'waygate_app'";
    assert_eq!(test.value(Login::Admin, backends).await, "1");
    let prepared = "SELECT count(*) FROM pg_prepared_statements";
    let url = test.pooler().unwrap().bare_url(&test.urls().app);
    assert_eq!(run_sql(&url, prepared).await.unwrap(), [[Some("0".to_owned())]], "nothing is left prepared");
}

#[tokio::test]
async fn prepared_statements_before_a_pooler_say_how_to_do_without() {
    let Some(test) = TestDb::pooled(1).await else { return };
    let pooler = test.pooler().unwrap();
    let rows = Rows::of(&test, "acme").await;
    let (app, service) = (pooler.bare_url(&test.urls().app), pooler.bare_url(&test.urls().service));
    // The URL does not say that there is a pooler, so statements are prepared and kept.
    let db = Db::connect(test.config_at(app.clone(), service).pool_size(1)).await.unwrap();
    let acme = db.tenant(rows.tenant.id);
    let find = async || acme.transaction(async |tx| Integration::find(rows.integration.id, tx).await).await;
    find().await.unwrap();

    // Another client of the same connection throws away what it finds.
    run_sql(&app, "DEALLOCATE ALL").await.unwrap();
    let lost = refusal(find().await);
    assert_eq!(lost.code(), Some("26000"));
    assert!(lost.advice().unwrap().contains("pgbouncer=true"), "{lost}");
    // Outside a transaction the library prepares once more.
    Integration::find(rows.integration.id, &acme).await.unwrap();

    // Another client has taken the names that the driver would give next: it counts over the whole process.
    let latest = "SELECT max(substr(name, 2)::int4) FROM pg_prepared_statements WHERE name LIKE 's%'";
    let latest: u32 = run_sql(&app, latest).await.unwrap()[0][0].as_ref().unwrap().parse().unwrap();
    let names: String = (latest + 1..latest + 10_000).map(|number| format!("PREPARE s{number} AS SELECT 1;")).collect();
    run_sql(&app, &names).await.unwrap();
    let taken = integration("slack-2", &acme).await.refused();
    assert_eq!(taken.code(), Some("42P05"));
    assert!(taken.advice().unwrap().contains("pgbouncer=true"), "{taken}");

    // With the word in the URL the same connection serves.
    integration("slack-3", &rows.scope).await.unwrap();
    let listed = rows.scope.transaction(async |tx| Ok::<_, Error>(Integration::query().count(tx).await?)).await;
    assert_eq!(listed.unwrap(), 2);
}

#[tokio::test]
async fn a_deploy_through_a_pooler_is_refused_and_leaves_no_lock_in_it() {
    for connections in [1, 3] {
        let Some(test) = TestDb::pooled(connections).await else { return };
        let pooled = test.pooler().unwrap().bare_url(&test.urls().migrator);
        let mut session = Maintenance::connect(&pooled.to_config()).await.unwrap();
        let error = deploy(&mut session, MIGRATIONS, DeployOptions::default(), &mut |_| {}).await.refused();
        assert!(error.is_config() && error.message().contains("transaction pooler"), "{error}");
        assert!(error.advice().unwrap().contains("WAYGATE_MIGRATOR_URL"), "{error}");
        drop(session);
        let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(test.value(Login::Admin, locks).await, "0");
    }
}
