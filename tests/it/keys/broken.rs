//! What is damaged is found and named, and does not stand in the way of the rest.

use waygate_db::{EnvKeys, Model};

use super::{active, names_key, stale_cells, waygate};
use crate::cli::{Ended, Waygate};
use crate::support::{Login, Rows, TestDb};

/// Flips a bit of a cell's body.
async fn alter(test: &TestDb, rows: &Rows) {
    let change = format!(
        "UPDATE integration_credentials SET encrypted_refresh_token =
             set_byte(encrypted_refresh_token, 33, get_byte(encrypted_refresh_token, 33) # 1) WHERE id = '{}'",
        rows.credential.id
    );
    test.rows_of(Login::Service, &change).await;
}

/// Takes a tenant's key out of the table.
async fn lose_key(test: &TestDb, rows: &Rows) -> String {
    let lose =
        format!("DELETE FROM waygate.data_keys WHERE scope = '{}' RETURNING encode(key_id, 'hex')", rows.tenant.id);
    test.value(Login::Service, &lose).await
}

/// A run that ends with an error, after lines on how far it came; the error.
#[track_caller]
fn stops(waygate: &Waygate, arguments: &[&str]) -> String {
    let Ended { code, stdout, stderr } = waygate.run(arguments);
    assert_eq!((code, stdout.as_str()), (1, ""), "{arguments:?}: {stderr}");
    stderr.split_once("error: ").unwrap().1.to_owned()
}

/// A run that finds something broken.
#[track_caller]
fn broken(waygate: &Waygate, arguments: &[&str]) -> serde_json::Value {
    let Ended { code, stdout, stderr } = waygate.run(&[arguments, &["--json"]].concat());
    assert_eq!(code, 4, "{arguments:?}: {stdout}{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

#[tokio::test]
async fn a_healthy_database_is_healthy() {
    let test = TestDb::new().await;
    Rows::of(&test, "acme").await;
    let waygate = waygate(&test);
    for rotated in [false, true] {
        if rotated {
            waygate.prints(&["keys", "rotate", "--all"]);
        }
        let diagnosis = waygate.reports(&["keys", "doctor"]);
        assert_eq!((&diagnosis["healthy"], &diagnosis["opened"]), (&true.into(), &2.into()));
        assert_eq!(diagnosis["findings"], serde_json::json!([]));
        assert_eq!(waygate.reports(&["keys", "verify"])["opened"], 2);
    }
}

#[tokio::test]
async fn the_doctor_names_a_corrupt_cell_a_missing_key_and_a_swapped_one() {
    let test = TestDb::new().await;
    let [cell, lost, swapped, owner] = [
        Rows::of(&test, "a").await,
        Rows::of(&test, "b").await,
        Rows::of(&test, "c").await,
        Rows::of(&test, "d").await,
    ];
    let waygate = waygate(&test);
    alter(&test, &cell).await;
    let lost_key = lose_key(&test, &lost).await;
    let (swapped_key, owners_key) = (active(&waygate, swapped.tenant.id), active(&waygate, owner.tenant.id));
    let swap = format!(
        "UPDATE waygate.data_keys mine SET wrapped = theirs.wrapped FROM waygate.data_keys theirs
         WHERE mine.scope = '{}' AND theirs.scope = '{}'",
        swapped.tenant.id, owner.tenant.id
    );
    test.rows_of(Login::Service, &swap).await;

    let diagnosis = broken(&waygate, &["keys", "doctor"]);
    let findings: Vec<String> = diagnosis["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{}: {}", finding["object"].as_str().unwrap(), finding["what"].as_str().unwrap()))
        .collect();
    let found = |words: &[&str]| {
        let of_them = findings.iter().filter(|finding| words.iter().all(|word| finding.contains(word)));
        assert_eq!(of_them.count(), 1, "{words:?} in {findings:#?}");
    };
    let row = cell.credential.id.to_string();
    found(&["integration_credentials.encrypted_refresh_token", &row, "altered"]);
    found(&[&lost_key, "not in waygate.data_keys", "1 cells of integration_credentials.encrypted_data"]);
    found(&[&lost_key, "not in waygate.data_keys", "1 cells of integration_credentials.encrypted_refresh_token"]);
    found(&[&swapped_key, "holds the wrapped key of", &owners_key]);
    assert_eq!(findings.len(), 4, "{findings:#?}");
    assert_eq!(diagnosis["opened"], 3, "a's other cell and d's two");

    let verified = broken(&waygate, &["keys", "verify"]);
    assert_eq!((&verified["opened"], &verified["failed"]), (&3.into(), &5.into()));
    let text = waygate.run(&["keys", "verify"]);
    assert_eq!(text.code, 4);
    for word in [&row, &lost_key, &swapped_key] {
        names_key(&text.stdout.replace(['\n', ' ', '│', '┆'], ""), word);
    }
}

#[tokio::test]
async fn the_doctor_tells_a_wrong_kek_from_an_altered_key() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let [(name, _), (current, id)] = test.key_vars().clone();
    let [(_, wrong), _] = EnvKeys::fresh_vars().unwrap();
    let mistaken = Waygate::on(test.urls()).var(&name, &wrong).var(&current, id);
    let diagnosis = broken(&mistaken, &["keys", "doctor"]);
    let text = diagnosis["findings"].to_string();
    assert!(text.contains("another key may stand under that name") && !text.contains("was altered:"), "{text}");
    assert!(!text.contains(&wrong));

    let alter = format!(
        "UPDATE waygate.data_keys SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE scope = '{}'",
        acme.tenant.id
    );
    test.rows_of(Login::Service, &alter).await;
    let diagnosis = broken(&waygate(&test), &["keys", "doctor"]);
    let findings = diagnosis["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0]["what"].as_str().unwrap().starts_with("was altered"), "{findings:#?}");
}

#[tokio::test]
async fn the_doctor_sees_a_scope_without_an_active_key_and_what_is_unfinished() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let waygate = waygate(&test);
    let scope = rows.tenant.id.to_string();
    test.rows_of(Login::Service, "UPDATE waygate.data_keys SET state = 'pending'").await;
    let text = broken(&waygate, &["keys", "doctor"])["findings"].to_string();
    assert!(text.contains(&scope) && text.contains("no active key") && text.contains("is pending"), "{text}");
    test.rows_of(Login::Service, "UPDATE waygate.data_keys SET state = 'decrypt_only'").await;
    let error = stops(&waygate, &["keys", "reencrypt"]);
    assert!(error.contains("no active key") && error.contains(&scope), "{error}");
    waygate.prints(&["keys", "init", "--tenants"]);
    let advice = waygate.prints(&["keys", "doctor"]);
    assert!(advice.contains("not finished"), "{advice}");
    waygate.prints(&["keys", "reencrypt"]);
    assert_eq!(stale_cells(&test).await, 0);
    assert_eq!(waygate.reports(&["keys", "doctor"])["findings"], serde_json::json!([]));
}

#[tokio::test]
async fn a_cell_that_does_not_open_is_quarantined_and_the_rest_goes_on() {
    let test = TestDb::new().await;
    let (bad, good) = (Rows::of(&test, "bad").await, Rows::of(&test, "good").await);
    let waygate = waygate(&test);
    alter(&test, &bad).await;
    let key = active(&waygate, bad.tenant.id);
    waygate.prints(&["keys", "rotate", "--all"]);
    let done = broken(&waygate, &["keys", "reencrypt"]);
    let table = &done["tables"][0];
    assert_eq!((&table["done"], &table["quarantined"]), (&2.into(), &1.into()), "{done}");
    assert_eq!(table["left"].as_array().unwrap().len(), 1);
    assert_eq!(stale_cells(&test).await, 1, "its row's other cell is sealed anew");
    let held = "SELECT concat_ws(' ', table_name, column_name, row_key, encode(key_id, 'hex'), reason) FROM waygate.quarantine";
    let held = test.value(Login::Service, held).await;
    let place = format!("integration_credentials encrypted_refresh_token {} {key}", bad.credential.id);
    assert!(held.starts_with(&place) && held.contains("altered"), "{held}");
    let text = waygate.run(&["keys", "reencrypt"]);
    assert!(text.code == 4 && text.stdout.contains("1 cells do not open"), "{}", text.stdout);
    assert!(broken(&waygate, &["keys", "doctor"])["findings"].to_string().contains("in quarantine"));
    assert!(waygate.fails(1, &["keys", "retire", "--writers-restarted", "--key", &key]).contains("in use"));

    // Written anew, the cell is let go.
    let acme = test.another().await.tenant(bad.tenant.id);
    bad.credential.patch().encrypted_refresh_token("again").save(&acme).await.unwrap();
    waygate.prints(&["keys", "reencrypt"]);
    assert_eq!(test.count("waygate.quarantine").await, 0);
    assert_eq!(waygate.reports(&["keys", "doctor"])["findings"], serde_json::json!([]));
    drop(good);
}

#[tokio::test]
async fn a_missing_key_stops_the_job_and_names_itself() {
    let test = TestDb::new().await;
    let lost = Rows::of(&test, "lost").await;
    let waygate = waygate(&test);
    let backup = test
        .value(Login::Admin, "SELECT format('INSERT INTO waygate.data_keys SELECT (%L::waygate.data_keys).*', k) FROM waygate.data_keys k")
        .await;
    let key = lose_key(&test, &lost).await;
    let error = stops(&waygate, &["keys", "reencrypt"]);
    names_key(&error, &key);
    assert!(error.contains("integration_credentials.encrypted_"), "{error}");
    assert_eq!(test.count("waygate.quarantine").await, 0, "what a missing key has sealed may be fine");
    test.rows_of(Login::Service, &backup).await;
    waygate.prints(&["keys", "rotate", "--all"]);
    let done = waygate.reports(&["keys", "reencrypt"]);
    assert_eq!(done["tables"][0]["done"], 1);
}
