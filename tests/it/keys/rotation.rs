//! A hundred thousand rows under a new key: through three kills, and beside a writer.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use waygate::models::{Credential, CredentialType, IntegrationCredential};
use waygate_db::__private::sealed_cell;
use waygate_db::{Encrypted, Id, Json, Model, TenantScope};

use super::{active, listed, stale_cells, waygate};
use crate::support::{Rows, TestDb};

const ROWS: usize = 100_000;

/// How many rows go into one statement.
const AT_ONCE: usize = 5_000;

/// The value that a row's token is made from.
fn token(row: Id<IntegrationCredential>) -> String {
    format!("token of {row}")
}

/// Inserts so many credentials of a tenant, sealed in this process, some thousands in a statement; their keys.
pub(super) async fn many(test: &TestDb, tenant: &Rows, rows: usize) -> Vec<Id<IntegrationCredential>> {
    let scope = &tenant.scope;
    let mut keys = Vec::with_capacity(rows);
    while keys.len() < rows {
        let mut values = String::new();
        for _ in 0..AT_ONCE.min(rows - keys.len()) {
            let key = Id::<IntegrationCredential>::new();
            let [data, refresh] = cells(scope, key).await;
            let comma = if values.is_empty() { "" } else { "," };
            write!(values, "{comma}('{key}','{}','bearer','\\x{data}','\\x{refresh}')", tenant.integration.id).unwrap();
            keys.push(key);
        }
        let insert = format!(
            "INSERT INTO integration_credentials
                 (id, integration_id, credential_type, encrypted_data, encrypted_refresh_token) VALUES {values}"
        );
        test.as_tenant(tenant.tenant.id, &insert).await.unwrap();
    }
    keys
}

/// A row's cells, as hex.
async fn cells(scope: &TenantScope, key: Id<IntegrationCredential>) -> [String; 2] {
    let table = IntegrationCredential::TABLE;
    let place = |name: &str| table.columns.iter().position(|column| column.name == name).unwrap();
    let data = Encrypted::new(Json(Credential::Bearer { token: token(key) }));
    let data = sealed_cell(scope, table, place("encrypted_data"), &key, &data).await.unwrap().unwrap();
    let refresh = Encrypted::new(format!("refresh of {key}"));
    let refresh = sealed_cell(scope, table, place("encrypted_refresh_token"), &key, &refresh).await.unwrap().unwrap();
    [data, refresh].map(|cell| cell.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes new tokens to rows, one after another, until it is told to stop; what it wrote last to each.
async fn write_until(
    stop: Arc<AtomicBool>,
    scope: TenantScope,
    keys: Vec<Id<IntegrationCredential>>,
) -> HashMap<Id<IntegrationCredential>, String> {
    let mut written = HashMap::new();
    // A stride through the whole table, so that it meets every part.
    let places = (0..).map(|step: usize| step * 7_919 % keys.len());
    for (number, place) in places.enumerate() {
        if stop.load(Ordering::Acquire) {
            break;
        }
        let value = format!("written {number}");
        IntegrationCredential::update(keys[place]).encrypted_refresh_token(value.clone()).exec(&scope).await.unwrap();
        written.insert(keys[place], value);
    }
    written
}

/// A number that is random enough to kill at.
fn random(below: u64) -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().0 % below
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_rows_survive_three_kills_and_a_writer() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let keys = many(&test, &acme, ROWS).await;
    let waygate = waygate(&test);
    let old = active(&waygate, acme.tenant.id);
    waygate.prints(&["keys", "rotate", "--all"]);
    let total = 2 * (ROWS as u64 + 1);
    assert_eq!(stale_cells(&test).await, total);

    // The writer is a process of its own to the job: another handle, with keys and connections of its own.
    let stop = Arc::new(AtomicBool::new(false));
    let writer = test.another().await.tenant(acme.tenant.id);
    let writer = tokio::spawn(write_until(Arc::clone(&stop), writer, keys.clone()));
    let arguments = ["keys", "reencrypt", "--workers", "2"];
    let mut before = total;
    for kill in 0..3 {
        let mut job = waygate.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // It has to be at work when it dies, and not be done.
        let start = Instant::now();
        while stale_cells(&test).await >= before - 2_000 {
            assert!(job.try_wait().unwrap().is_none(), "run {kill} ended by itself");
            assert!(start.elapsed() < Duration::from_secs(60), "run {kill} does nothing");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(random(4_000))).await;
        job.kill().unwrap();
        assert!(!job.wait().unwrap().success(), "run {kill} was killed");
        let left = stale_cells(&test).await;
        assert!(left > 0 && left < before, "run {kill}: {left} of {before}");
        before = left;
    }
    let mut last = waygate.command(&[&arguments[..], &["--json"]].concat());
    let last = last.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.store(true, Ordering::Release);
    let written = writer.await.unwrap();
    let ended = last.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    eprintln!("{} rows written meanwhile; the last run: {}", written.len(), report["tables"][0]);
    assert!(written.len() > 100, "the writer wrote {} rows", written.len());

    assert_eq!(stale_cells(&test).await, 0, "nothing is left under the old key");
    assert_eq!(report["tables"][0]["left"], serde_json::json!([]));
    let under_old = listed(&waygate).into_iter().find(|key| key["key"] == old.as_str()).unwrap();
    assert_eq!(under_old["cells"], 0);
    every_row_reads_back(&test, &acme, &keys, &written).await;
    waygate.prints(&["keys", "retire", "--writers-restarted", "--key", &old]);
    every_row_reads_back(&test, &acme, &keys[..100], &written).await;
}

/// Each row opens to the value that was written to it last.
async fn every_row_reads_back(
    test: &TestDb,
    acme: &Rows,
    keys: &[Id<IntegrationCredential>],
    written: &HashMap<Id<IntegrationCredential>, String>,
) {
    let scope = test.another().await.tenant(acme.tenant.id);
    let read: HashMap<Id<IntegrationCredential>, IntegrationCredential> =
        IntegrationCredential::query().all(&scope).await.unwrap().into_iter().map(|row| (row.id, row)).collect();
    assert_eq!(read.len(), ROWS + 1);
    for key in keys {
        let row = &read[key];
        let refresh = written.get(key).cloned().unwrap_or_else(|| format!("refresh of {key}"));
        assert_eq!(row.encrypted_refresh_token.as_ref().unwrap().expose(), &refresh);
        let Json(Credential::Bearer { token: stored }) = row.encrypted_data.expose() else { panic!("{key}") };
        assert_eq!(*stored, token(*key));
        assert_eq!(row.credential_type, CredentialType::Bearer);
    }
}
