//! What the job does to rows, and how it is confined, slowed and stopped.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use waygate::models::IntegrationCredential;
use waygate_db::Model;

use super::rotation::many;
use super::{stale_cells, waygate};
use crate::support::{Login, Rows, TestDb};

#[tokio::test]
async fn a_row_keeps_all_but_the_bytes_of_its_cells() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let null = rows.credential.patch().encrypted_refresh_token(None).save(&rows.scope).await.unwrap();
    let waygate = waygate(&test);
    let read = "SELECT (to_jsonb(c) - 'encrypted_data')::text FROM integration_credentials c";
    let (before, cell) = (test.value(Login::Service, read).await, "SELECT encrypted_data FROM integration_credentials");
    let cell_before = test.value(Login::Service, cell).await;
    assert_eq!(waygate.reports(&["keys", "reencrypt"])["tables"][0]["done"], 0, "nothing is to do");
    waygate.prints(&["keys", "rotate", "--all"]);
    let done = waygate.reports(&["keys", "reencrypt"]);
    assert_eq!((&done["tables"][0]["done"], &done["stopped"]), (&1.into(), &false.into()), "{done}");
    assert_eq!(test.value(Login::Service, read).await, before, "updated_at too");
    assert_ne!(test.value(Login::Service, cell).await, cell_before);
    let anew = test.another().await.tenant(rows.tenant.id);
    let read = IntegrationCredential::find(rows.credential.id, &anew).await.unwrap().unwrap();
    assert_eq!(read.updated_at, null.updated_at);
    assert_eq!(read.encrypted_data.expose(), rows.credential.encrypted_data.expose());
    assert!(read.encrypted_refresh_token.is_none());
}

#[tokio::test]
async fn one_tenant_and_one_table_can_be_named() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let waygate = waygate(&test);
    waygate.prints(&["keys", "rotate", "--all"]);
    let tenant = acme.tenant.id.to_string();
    waygate.prints(&["keys", "reencrypt", "--tenant", &tenant]);
    assert_eq!(stale_cells(&test).await, 2, "the other tenant's");
    let error = waygate.fails(1, &["keys", "reencrypt", "--table", "integrations"]);
    assert!(error.contains("integration_credentials"), "{error}");
    waygate.prints(&["keys", "reencrypt", "--table", "integration_credentials"]);
    assert_eq!(stale_cells(&test).await, 0);
}

#[tokio::test]
async fn two_workers_share_the_rows() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    many(&test, &acme, 400).await;
    let waygate = waygate(&test);
    waygate.prints(&["keys", "rotate", "--all"]);
    let done = waygate.reports(&["keys", "reencrypt", "--workers", "2", "--batch", "20"]);
    assert_eq!((&done["tables"][0]["done"], &done["tables"][0]["raced"]), (&401.into(), &0.into()), "{done}");
    assert_eq!(stale_cells(&test).await, 0);
    let parts = "SELECT count(*) FILTER (WHERE done BETWEEN 1 AND 100), sum(done), bool_and(state = 'finished')
                 FROM waygate.key_jobs";
    let parts = test.rows_of(Login::Service, parts).await;
    let parts: Vec<String> = parts[0].iter().flatten().cloned().collect();
    assert_eq!(parts, ["8", "401", "t"], "eight parts of about fifty");
}

#[tokio::test]
async fn a_limit_slows_it_down() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    many(&test, &acme, 99).await;
    let waygate = waygate(&test);
    waygate.prints(&["keys", "rotate", "--all"]);
    let start = Instant::now();
    waygate.prints(&["keys", "reencrypt", "--max-rows-per-sec", "50"]);
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(stale_cells(&test).await, 0);
}

#[tokio::test]
async fn a_signal_ends_it_after_a_batch_and_the_next_run_goes_on() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    many(&test, &acme, 300).await;
    let waygate = waygate(&test);
    waygate.prints(&["keys", "rotate", "--all"]);
    let arguments = ["keys", "reencrypt", "--batch", "10", "--max-rows-per-sec", "20"];
    let job = waygate.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while stale_cells(&test).await == 602 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let signalled = Command::new("kill").args(["-TERM", &job.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    let ended = job.wait_with_output().unwrap();
    let stdout = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(5), "{stdout}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(stdout.contains("goes on from here"), "{stdout}");
    let left = stale_cells(&test).await;
    assert!(left > 0 && left < 602, "{left}");
    let done = waygate.reports(&["keys", "reencrypt"]);
    assert_eq!(done["tables"][0]["done"].as_u64().unwrap() * 2, left, "nothing is done twice");
    assert_eq!(stale_cells(&test).await, 0);
}

#[tokio::test]
async fn two_runs_at_once_do_the_work_once() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    many(&test, &acme, 300).await;
    let waygate = waygate(&test);
    waygate.prints(&["keys", "rotate", "--all"]);
    let arguments = ["keys", "reencrypt", "--batch", "10", "--json"];
    let runs: Vec<_> = (0..2)
        .map(|_| waygate.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let mut done = 0;
    for run in runs {
        let ended = run.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        let report: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
        done += report["tables"][0]["done"].as_u64().unwrap();
    }
    assert_eq!(done, 301);
    assert_eq!(stale_cells(&test).await, 0);
}
