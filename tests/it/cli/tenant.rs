//! `tenant create`, `tenant list` and `tenant rotate-key`.

use std::fs::File;

use waygate_db::ApiKey;

use super::Waygate;
use crate::support::{EmptyDb, Login, MARKER, TestDb};

const CREATE: [&str; 6] = ["tenant", "create", "--name", "Acme", "--email", "acme@example.org"];

/// The tenant that this key opens the door to, if it does.
async fn opens(test: &TestDb, key: &str) -> Option<String> {
    let scope = test.db.tenant_for_key(&key.parse().unwrap()).await.unwrap();
    scope.map(|scope| scope.id().to_string())
}

/// The reasons in the service's log, oldest first.
async fn reasons(test: &TestDb) -> Vec<String> {
    let rows = test.rows_of(Login::Service, "SELECT reason FROM waygate.service_log ORDER BY at").await;
    rows.into_iter().flatten().flatten().collect()
}

fn key_in(printed: &str) -> String {
    let line = printed.lines().find_map(|line| line.strip_prefix("API key: "));
    line.unwrap_or_else(|| panic!("no key in {printed}")).to_owned()
}

#[tokio::test]
async fn a_new_tenants_key_is_shown_once_and_opens_its_door() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    let ended = waygate.run(&CREATE);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{}", ended.stdout);
    assert!(ended.stdout.contains("Acme") && ended.stdout.contains("shown only now"), "{}", ended.stdout);
    let key = key_in(&ended.stdout);
    assert!(key.starts_with("wg_live_"));
    assert_eq!(ended.stdout.matches(&key).count(), 1);

    let id = test.value(Login::Service, "SELECT id FROM tenants WHERE email = 'acme@example.org'").await;
    assert_eq!(opens(&test, &key).await, Some(id.clone()));
    let hash = test.value(Login::Service, "SELECT waygate_api_key_hash FROM tenants").await;
    assert_eq!(hash, ApiKey::parse(&key).unwrap().hash());
    assert_eq!(reasons(&test).await, ["waygate tenant create"]);

    let list = waygate.run(&["tenant", "list"]);
    assert!(list.stdout.contains(&id) && list.stdout.contains("acme@example.org"), "{}", list.stdout);
    for place in [&list.stdout, &list.stderr, &format!("{:?}", waygate.reports(&["tenant", "list"]))] {
        assert!(!place.contains(&key) && !place.contains(&hash), "{place}");
    }
}

#[tokio::test]
async fn a_rotation_keeps_the_key_before_until_its_grace_ends() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    let created = waygate.reports(&CREATE);
    let (id, first) = (created["id"].as_str().unwrap(), created["api_key"].as_str().unwrap());
    assert_eq!(created["previous_key_until"], serde_json::Value::Null);
    let door = Some(id.to_owned());

    let rotated = waygate.reports(&["tenant", "rotate-key", id]);
    let second = rotated["api_key"].as_str().unwrap();
    assert_ne!(first, second);
    assert_eq!((opens(&test, first).await, opens(&test, second).await), (door.clone(), door.clone()));
    let days = "SELECT previous_api_key_expires_at - updated_at FROM tenants";
    assert_eq!(test.value(Login::Service, days).await, "7 days");

    let third = key_in(&waygate.prints(&["tenant", "rotate-key", "acme@example.org", "--grace", "90s"]));
    assert_eq!(opens(&test, first).await, None, "two keys are live at most");
    assert_eq!((opens(&test, second).await, opens(&test, &third).await), (door.clone(), door.clone()));

    let end = "UPDATE tenants SET previous_api_key_expires_at = now() - interval '1 second'";
    test.rows_of(Login::Service, end).await;
    assert_eq!((opens(&test, second).await, opens(&test, &third).await), (None, door.clone()));

    let last = waygate.prints(&["tenant", "rotate-key", id, "--grace", "0"]);
    assert!(last.contains("key before is dead"), "{last}");
    assert_eq!((opens(&test, &third).await, opens(&test, &key_in(&last)).await), (None, door));
    let left = "SELECT count(previous_api_key_hash) + count(previous_api_key_expires_at) FROM tenants";
    assert_eq!(test.value(Login::Service, left).await, "0");
    assert_eq!(reasons(&test).await[1..], ["waygate tenant rotate-key"; 3]);
}

#[tokio::test]
async fn a_list_is_in_the_order_of_signing_up() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    assert_eq!(waygate.reports(&["tenant", "list"])["tenants"], serde_json::json!([]));
    for name in ["b", "a", "c"] {
        test.tenant_row(name).await;
    }
    let list = waygate.reports(&["tenant", "list"]);
    let names: Vec<_> = list["tenants"].as_array().unwrap().iter().map(|tenant| tenant["name"].clone()).collect();
    assert_eq!(names, ["b", "a", "c"]);
}

#[tokio::test]
async fn a_second_tenant_with_an_email_is_refused_without_showing_it() {
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    let create = ["tenant", "create", "--name", "Acme", "--email", MARKER];
    waygate.prints(&create);
    let error = waygate.fails(1, &create);
    assert!(error.contains("email") && !error.contains(MARKER) && !error.contains("wg_live_"), "{error}");
    assert_eq!(test.count("tenants").await, 1);
}

#[tokio::test]
async fn nobodys_key_is_rotated() {
    let test = TestDb::new().await;
    let tenant = test.tenant_row("acme").await;
    let waygate = Waygate::on(test.urls());
    for nobody in ["nobody@example.org", "00000000-0000-4000-8000-000000000000", "acme"] {
        let error = waygate.fails(1, &["tenant", "rotate-key", nobody]);
        assert!(error.contains("tenant list") && !error.contains(nobody), "{error}");
    }
    let hash = test.value(Login::Service, "SELECT waygate_api_key_hash FROM tenants").await;
    assert_eq!(hash, tenant.waygate_api_key_hash);
}

#[tokio::test]
async fn a_key_that_could_not_be_written_is_an_error() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let test = TestDb::new().await;
    let waygate = Waygate::on(test.urls());
    let output = waygate.command(&CREATE).stdout(full).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("rotate-key") && !error.contains("wg_live_"), "{error}");
}

#[test]
fn wrong_usage_ends_with_two_before_anything_is_opened() {
    let waygate = Waygate::new();
    for arguments in [
        &["tenant"][..],
        &["tenant", "create", "--name", "Acme"],
        &["tenant", "create", "--name", "", "--email", "a@example.org"],
        &["tenant", "rotate-key"],
    ] {
        assert_eq!(waygate.run(arguments).code, 2, "{arguments:?}");
    }
    for grace in ["7", "d", "-1d", "+1d", "1w", "366d", "9999999999999d", "99999999999999999999d", "1.5h", "é", ""] {
        let ended = waygate.run(&["tenant", "rotate-key", "acme", &format!("--grace={grace}")]);
        assert_eq!(ended.code, 2, "{grace}: {}", ended.stderr);
        assert!(ended.stderr.contains("7d"), "{grace}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn a_database_that_was_not_deployed_to_names_the_deploy() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    for arguments in [&CREATE[..], &["tenant", "list"], &["tenant", "rotate-key", "acme"]] {
        let error = waygate.fails(1, arguments);
        assert!(error.contains("migrate") && !error.contains("wg_live_"), "{error}");
    }
}
