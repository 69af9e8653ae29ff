//! The private server, the roles and the databases, on real PostgreSQL.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio_postgres::{Client, SimpleQueryMessage};
use waygate_db::local::database::{check_server_version, connect};
use waygate_db::local::{LocalOptions, LocalServer};

mod databases;
mod guarding;

async fn start() -> LocalServer {
    LocalServer::start(LocalOptions::new()).await.unwrap()
}

/// A folder that the server's account can reach, whoever runs the test.
fn open_folder() -> TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

async fn column(client: &Client, sql: &str) -> Vec<String> {
    let messages = client.simple_query(sql).await.unwrap();
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
        _ => None,
    });
    rows.collect()
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(15), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn run_folder(server: &LocalServer) -> PathBuf {
    server.data_folder().ancestors().nth(2).unwrap().to_owned()
}

/// The socket's folder, read from a URL's parameter.
fn socket_of(url: &str) -> PathBuf {
    PathBuf::from(url.split("host=").nth(1).unwrap().split('&').next().unwrap()).join(".s.PGSQL.5432")
}

#[tokio::test]
async fn a_server_starts_listens_on_a_private_socket_alone_and_leaves_nothing() {
    let server = start().await;
    let client = connect(&server.admin_url()).await.unwrap();
    check_server_version(&client).await.unwrap();
    assert_eq!(column(&client, "SHOW listen_addresses").await, [""]);
    assert_eq!(column(&client, "SHOW fsync").await, ["off"]);
    assert!(server.admin_url().is_local());

    let folder = run_folder(&server);
    let inner = fs::metadata(folder.join("run")).unwrap();
    assert_eq!(inner.mode() & 0o777, 0o700, "nobody else may reach the socket");
    assert_ne!(inner.uid(), 0, "the server runs unprivileged");
    server.stop().await.unwrap();
    assert!(!folder.exists());
}

#[tokio::test]
async fn the_template_is_made_once_and_makes_the_next_start_fast() {
    let cache = open_folder();
    let steps = Arc::new(Mutex::new(Vec::new()));
    let options = || {
        let steps = Arc::clone(&steps);
        LocalOptions::new().cache(cache.path()).on_progress(move |step| steps.lock().unwrap().push(step.to_owned()))
    };
    // Several at once, on an empty cache: one makes the template, the others wait for it.
    let first = Instant::now();
    let (one, two, three) =
        tokio::join!(LocalServer::start(options()), LocalServer::start(options()), LocalServer::start(options()));
    let first = first.elapsed();
    drop((one.unwrap(), two.unwrap(), three.unwrap()));
    let made = steps.lock().unwrap().iter().filter(|step| step.starts_with("creating the template")).count();
    assert_eq!(made, 1);

    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let server = LocalServer::start(options()).await.unwrap();
        fastest = fastest.min(start.elapsed());
        let stop = Instant::now();
        server.stop().await.unwrap();
        println!("start {:?}, stop {:?}", fastest, stop.elapsed());
    }
    println!("three on an empty cache {first:?}, then the fastest of three {fastest:?}");
    // Usually a fifth of a second. No tighter bound: creating a thousand files takes a file system a second by itself
    // when as many were deleted a moment ago, as these tests do.
    assert!(fastest < Duration::from_secs(5), "{fastest:?}");
}

/// Not a test by itself: the process that the next test kills.
#[tokio::test]
#[ignore = "run by the test that kills it"]
async fn owner_to_be_killed() {
    let mut options = LocalOptions::new();
    if let Some(cache) = env::var_os("WAYGATE_TEST_CACHE") {
        options = options.cache(&cache).project(&cache);
    }
    let server = LocalServer::start(options).await.unwrap();
    println!("\nready {} {}", server.admin_url(), run_folder(&server).display());
    std::thread::sleep(Duration::from_secs(60));
}

/// Starts a process that owns a server; returns it with the server's socket and folder.
fn owner(cache: Option<&Path>) -> (std::process::Child, PathBuf, PathBuf) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "local::owner_to_be_killed", "--ignored", "--nocapture"]).stdout(Stdio::piped());
    if let Some(cache) = cache {
        command.env("WAYGATE_TEST_CACHE", cache);
    }
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let ready = lines.into_iter().find(|line| line.starts_with("ready ")).expect("the server starts");
    let mut words = ready.split(' ').skip(1);
    let socket = socket_of(words.next().unwrap());
    let folder = PathBuf::from(words.next().unwrap());
    assert!(socket.exists() && folder.exists());
    (child, socket, folder)
}

fn processes_of(folder: &Path) -> usize {
    let listed = Command::new("ps").args(["-ww", "-e", "-o", "args="]).output().unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    listed.lines().filter(|line| line.contains(&*folder.to_string_lossy())).count()
}

#[tokio::test]
async fn killing_the_owner_ends_the_server_and_removes_its_folder() {
    let (mut child, socket, folder) = owner(None);
    assert!(processes_of(&folder) > 0);
    child.kill().unwrap();
    child.wait().unwrap();
    until("the server ends", || !socket.exists() && processes_of(&folder) == 0);
    // Under another account the guard empties the folder and the next start removes the rest.
    until("its data goes", || !folder.join("run/data").exists());
    drop(start().await);
    assert!(!folder.exists());
}

#[tokio::test]
async fn a_server_that_lost_its_owner_and_its_guard_is_removed_by_the_next_start() {
    let (mut child, socket, folder) = owner(None);
    let pid = fs::read_to_string(folder.join("run/data/postmaster.pid")).unwrap();
    let pid = pid.lines().next().unwrap();
    let guard = Command::new("ps").args(["-o", "ppid=", "-p", pid]).output().unwrap();
    let guard = String::from_utf8(guard.stdout).unwrap().trim().to_owned();
    // The whole group but the server: the guard has a group of its own, which the server shares.
    let watch = Command::new("ps").args(["-e", "-o", "pid=,ppid="]).output().unwrap();
    let watch = String::from_utf8(watch.stdout).unwrap();
    let watch = watch.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (child, parent) = (words.next()?, words.next()?);
        (parent == guard && child != pid).then(|| child.to_owned())
    });
    for process in watch.chain([guard.clone()]) {
        assert!(Command::new("kill").args(["-9", &process]).status().unwrap().success());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // Nobody but a later start stops it now: this one, or one of another test at the same moment.
    drop(start().await);
    until("its folder goes", || !folder.exists());
    assert!(!socket.exists());
    until("the server ends", || processes_of(&folder) == 0);
}

#[tokio::test]
async fn a_projects_data_is_kept_and_its_server_runs_once() {
    let cache = open_folder();
    let options = || LocalOptions::new().cache(cache.path()).project(cache.path());
    let server = LocalServer::start(options()).await.unwrap();
    let url = server.admin_url();
    let client = connect(&url).await.unwrap();
    client.batch_execute("CREATE TABLE kept (); COMMENT ON TABLE kept IS 'yes'").await.unwrap();
    assert_eq!(column(&client, "SHOW fsync").await, ["on"]);

    let error = LocalServer::start(options()).await.unwrap_err();
    assert!(error.is_local() && error.message().contains("running in another process"), "{error}");
    server.stop().await.unwrap();

    // Killed, it recovers; its URL stays the same.
    let (mut child, socket, _) = owner(Some(cache.path()));
    assert_eq!(socket, socket_of(&url.expose()));
    child.kill().unwrap();
    child.wait().unwrap();
    let server = LocalServer::start(options()).await.unwrap();
    assert_eq!(server.admin_url(), url);
    let client = connect(&url).await.unwrap();
    assert_eq!(column(&client, "SELECT obj_description('kept'::regclass)").await, ["yes"]);
    let socket = socket.parent().unwrap().to_owned();
    server.stop().await.unwrap();
    fs::remove_dir_all(socket).unwrap();
}

#[tokio::test]
async fn wrong_binaries_are_named_and_nothing_else_is_tried() {
    let empty = open_folder();
    let error = LocalServer::start(LocalOptions::new().binaries(empty.path())).await.unwrap_err();
    assert!(error.is_local());
    assert!(error.to_string().contains("has no postgres") && error.to_string().contains("WAYGATE_PG_BIN"), "{error}");

    let old = empty.path().join("postgres");
    fs::write(&old, "#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n").unwrap();
    fs::write(empty.path().join("initdb"), "").unwrap();
    assert!(Command::new("chmod").arg("755").arg(&old).status().unwrap().success());
    let error = LocalServer::start(LocalOptions::new().binaries(empty.path())).await.unwrap_err();
    assert!(error.message().contains("14.2, older than 15"), "{error}");
}
