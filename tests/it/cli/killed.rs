//! `migrate deploy`, killed at every boundary of a step and in the middle of each kind of step, and run once more.

use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

use tokio_postgres::{Client, NoTls};
use waygate::MIGRATIONS;
use waygate_db::local::{Urls, run_sql};

use super::Waygate;
use crate::support::EmptyDb;
use crate::support::steps::{FOLDER, GATED, assert_done_once};

/// Where a deploy is held up and killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Where the file asks for this lock.
    Gate(i32),
    /// In the build of an index, which waits for older snapshots.
    Build,
    /// In the removal of an index, which waits for whoever uses the table.
    Removal,
}

/// The boundary before each of the seven steps, and the middle of each kind.
const PLACES: [At; 12] = [
    At::Gate(10),
    At::Gate(15),
    At::Gate(20),
    At::Build,
    At::Gate(30),
    At::Gate(35),
    At::Gate(40),
    At::Gate(50),
    At::Gate(55),
    At::Gate(60),
    At::Removal,
    At::Gate(70),
];

#[tokio::test]
async fn a_killed_deploy_goes_on_to_the_same_end_and_does_nothing_twice() {
    // Four at a time: the server takes two seconds to see that a client was killed.
    for places in PLACES.chunks(4) {
        futures_util::future::join_all(places.iter().map(|at| killed(*at))).await;
    }
}

async fn killed(at: At) {
    let empty = EmptyDb::new().await;
    let urls = empty.scratch.urls().clone();
    let waygate = waygate(&urls);
    let mut deploy = Deploy::held(&waygate, &urls, at).await;
    deploy.child.kill().unwrap();
    deploy.child.wait().unwrap();
    drop(deploy.holders);
    again(waygate).await;
    assert_done_once(&urls.admin, &format!("{at:?}")).await;
}

/// A plain deploy to the end, and one more that finds nothing to do.
async fn again(waygate: Waygate) {
    let runs = move || {
        waygate.prints(&["migrate", "deploy", "--dir", FOLDER]);
        assert!(waygate.prints(&["migrate", "deploy", "--dir", FOLDER]).starts_with("nothing to apply"));
    };
    tokio::task::spawn_blocking(runs).await.unwrap();
}

#[tokio::test]
async fn an_interrupted_deploy_ends_with_five_and_the_next_goes_on() {
    for at in [At::Gate(15), At::Build, At::Gate(35)] {
        let empty = EmptyDb::new().await;
        let urls = empty.scratch.urls().clone();
        let waygate = waygate(&urls);
        let deploy = Deploy::held(&waygate, &urls, at).await;
        let pid = deploy.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let ended = tokio::task::spawn_blocking(move || deploy.child.wait_with_output().unwrap()).await.unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(5), "{told}");
        assert!(told.contains("stopped") && told.contains("the next deploy goes on"), "{told}");
        // The statement was cancelled, and nobody has to wait for what held it up.
        wait_until(&urls, "SELECT count(*) = 0 FROM pg_stat_activity WHERE usename = 'waygate_migrator' AND datname = current_database()").await;
        drop(deploy.holders);
        again(waygate).await;
        assert_done_once(&urls.admin, &format!("{at:?}")).await;
    }
}

#[tokio::test]
async fn of_eight_deploys_at_once_one_applies_and_seven_find_nothing_to_do() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    let start =
        |_| waygate.command(&["migrate", "deploy", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let children: Vec<Child> = (0..8).map(|number| start(number).unwrap()).collect();
    let mut applied = Vec::new();
    for child in children {
        let ended = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        let report: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
        applied.push(report["applied"].as_array().unwrap().len());
    }
    applied.sort_unstable();
    assert_eq!(applied, [&[0; 7][..], &[MIGRATIONS.len()]].concat());
}

/// The binary with the gated steps in a folder.
fn waygate(urls: &Urls) -> Waygate {
    let waygate = Waygate::on(urls);
    for (id, up) in GATED {
        let folder = waygate.path(FOLDER).join(id);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("up.sql"), up).unwrap();
    }
    waygate
}

/// A deploy that waits, and who it waits for.
struct Deploy {
    child: Child,
    holders: Vec<Client>,
}

impl Deploy {
    async fn held(waygate: &Waygate, urls: &Urls, at: At) -> Self {
        let holder = client(urls).await;
        let hold = match at {
            At::Gate(gate) => format!("SELECT pg_advisory_lock(77, {gate})"),
            At::Build => "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1".to_owned(),
            At::Removal => "SELECT pg_advisory_lock(77, 60)".to_owned(),
        };
        holder.batch_execute(&hold).await.unwrap();
        let mut command = waygate.command(&["migrate", "deploy", "--dir", FOLDER, "--lock-timeout", "60s"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut deploy = Self { child, holders: vec![holder] };
        wait_until(urls, WAITS).await;
        if at == At::Removal {
            let user = client(urls).await;
            user.batch_execute("BEGIN; LOCK TABLE word IN ACCESS SHARE MODE").await.unwrap();
            deploy.holders = vec![user];
            let removes = WAITS.replace("state = 'active'", "query LIKE 'DROP INDEX%'");
            wait_until(urls, &removes).await;
        }
        deploy
    }
}

const WAITS: &str = "SELECT count(*) = 1 AND bool_and(state = 'active') FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND usename = 'waygate_migrator' AND NOT granted";

async fn client(urls: &Urls) -> Client {
    let (client, connection) = urls.admin.to_config().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn wait_until(urls: &Urls, sql: &str) {
    for _ in 0..1_200 {
        if run_sql(&urls.admin, sql).await.unwrap() == [[Some("t".to_owned())]] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never true: {sql}");
}
