//! `setup`, on a server of its own: it makes roles, which belong to the whole server.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use waygate_db::local::{LocalServer, database, run_sql};
use waygate_db::{Config, DatabaseUrl, Db, Environment};

use super::Waygate;
use crate::support::{TextRow, own_server};

const DATABASE: &str = "shop";

/// A server without roles, with one empty database of the administrator's.
async fn fresh_server() -> Option<(LocalServer, DatabaseUrl)> {
    let server = own_server().await?;
    let admin = server.admin_url();
    run_sql(&admin, &format!("CREATE DATABASE {DATABASE}")).await.unwrap();
    let url = admin.with_database(DATABASE);
    Some((server, url))
}

/// The variables of an env file's text.
fn vars(text: &str) -> BTreeMap<String, String> {
    let pairs = text.lines().map(|line| {
        let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
        (name.to_owned(), value.trim_matches('\'').to_owned())
    });
    pairs.collect()
}

async fn one(url: &DatabaseUrl, sql: &str) -> Vec<TextRow> {
    run_sql(url, sql).await.unwrap()
}

#[tokio::test]
async fn setup_makes_a_server_ready_and_run_again_changes_nothing() {
    let Some((server, admin)) = fresh_server().await else { return };
    let waygate = Waygate::new().var("DATABASE_URL", admin.expose());
    let report = waygate.reports(&["setup"]);
    assert_eq!(report["roles_created"].as_array().unwrap().len(), 5, "{report}");
    assert_eq!((&report["env_file_changed"], &report["env_file"]), (&true.into(), &".env.local".into()));

    let mode = fs::metadata(waygate.path(".env.local")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds passwords and a key");
    let text = waygate.read(".env.local");
    let found = vars(&text);
    for name in ["WAYGATE_APP_URL", "WAYGATE_SERVICE_URL", "WAYGATE_MIGRATOR_URL", "WAYGATE_KEK_CURRENT"] {
        assert!(found.contains_key(name), "{name}");
    }
    assert!(found.contains_key(&format!("WAYGATE_KEK_{}", found["WAYGATE_KEK_CURRENT"])));
    assert!(found["WAYGATE_APP_URL"].starts_with("postgres://waygate_app:"), "with a password of its own");
    let config = Config::from_environment(&Environment::from_vars(found.clone())).unwrap();
    let db = Db::connect(config).await.unwrap();
    waygate::seed::run(&db).await.unwrap();
    db.close();

    let second = waygate.reports(&["setup"]);
    assert_eq!((&second["roles_created"], &second["env_file_changed"]), (&serde_json::json!([]), &false.into()));
    assert_eq!(second["migrations"]["applied"], serde_json::json!([]));
    assert_eq!(waygate.read(".env.local"), text);
    assert!(waygate.prints(&["setup"]).contains("unchanged"));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn what_setup_wrote_is_enough_for_the_other_commands() {
    let Some((server, admin)) = fresh_server().await else { return };
    let setup = Waygate::new().var("DATABASE_URL", admin.expose());
    setup.prints(&["setup"]);
    // In the same folder, with an empty environment.
    let later = Waygate { folder: setup.folder, vars: Vec::new() };
    assert!(later.prints(&["migrate", "deploy"]).contains("nothing to apply"));
    later.prints(&["migrate", "status"]);
    assert!(later.prints(&["db", "seed"]).contains("actions"));
    assert!(later.prints(&["db", "seed"]).contains("nothing to seed"));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_database_is_the_owners_and_open_to_the_logins_alone() {
    let Some((server, admin)) = fresh_server().await else { return };
    Waygate::new().var("DATABASE_URL", admin.expose()).prints(&["setup"]);
    let owner = format!("SELECT datdba::regrole FROM pg_database WHERE datname = '{DATABASE}'");
    assert_eq!(one(&admin, &owner).await, [[Some("waygate_owner".to_owned())]]);
    let roles =
        "SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
                 FROM pg_roles WHERE rolname LIKE 'waygate%' ORDER BY 1";
    let expected = [
        ["waygate_app", "t", "f"],
        ["waygate_login", "f", "f"],
        ["waygate_migrator", "t", "f"],
        ["waygate_owner", "f", "f"],
        ["waygate_service", "t", "f"],
    ];
    let found = one(&admin, roles).await;
    assert_eq!(found, expected.map(|row| row.map(|text| Some(text.to_owned())).to_vec()));
    let members = "SELECT roleid::regrole || ' has ' || member::regrole FROM pg_auth_members
                   WHERE roleid::regrole::text LIKE 'waygate%' AND member::regrole::text LIKE 'waygate%' ORDER BY 1";
    let found: Vec<_> = one(&admin, members).await.into_iter().flatten().flatten().collect();
    assert_eq!(found, ["waygate_login has waygate_owner", "waygate_owner has waygate_migrator"]);
    one(&server.admin_url(), "CREATE ROLE stranger LOGIN").await;
    let stranger = run_sql(&admin.with_user("stranger").unwrap(), "SELECT 1").await;
    assert!(stranger.unwrap_err().is_connect());
    server.stop().await.unwrap();
}

#[tokio::test]
async fn after_a_superusers_setup_a_new_table_is_closed_at_once() {
    let Some((server, admin)) = fresh_server().await else { return };
    let waygate = Waygate::new().var("DATABASE_URL", admin.expose());
    assert_eq!(waygate.reports(&["setup"])["notes"], serde_json::json!([]));
    let migrator = vars(&waygate.read(".env.local"))["WAYGATE_MIGRATOR_URL"].parse::<DatabaseUrl>().unwrap();
    let create = "SET ROLE waygate_owner; CREATE TABLE leak AS SELECT 1 AS one; GRANT SELECT ON leak TO waygate_app";
    one(&migrator, create).await;
    let app = admin.with_user("waygate_app").unwrap();
    assert!(one(&app, "SELECT one FROM leak").await.is_empty());
    assert_eq!(one(&admin, "SELECT one FROM leak").await, [[Some("1".to_owned())]], "the row is there");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_administrator_who_is_no_superuser_sets_up_twice_and_is_told_what_is_missing() {
    let Some(server) = own_server().await else { return };
    let root = server.admin_url();
    one(&root, "CREATE ROLE chief LOGIN CREATEROLE CREATEDB").await;
    one(&root, &format!("CREATE DATABASE {DATABASE} OWNER chief")).await;
    let chief = root.with_user("chief").unwrap().with_database(DATABASE);
    let waygate = Waygate::new().var("DATABASE_URL", chief.expose());
    let first = waygate.reports(&["setup"]);
    let note = first["notes"][0].as_str().unwrap();
    assert!(note.contains("waygate_row_security") && note.contains("superuser"), "{note}");
    assert_eq!(first["migrations"]["applied"].as_array().unwrap().len(), waygate::MIGRATIONS.len());

    let second = waygate.reports(&["setup"]);
    assert_eq!((&second["roles_created"], &second["env_file_changed"]), (&serde_json::json!([]), &false.into()));
    assert_eq!((&second["migrations"]["applied"], &second["notes"]), (&serde_json::json!([]), &first["notes"]));
    let printed = waygate.prints(&["setup"]);
    assert!(printed.contains("note: a new table in public stays open"), "{printed}");
    // From elsewhere, without the key: whether values are sealed under it this administrator may not see.
    let elsewhere = Waygate::new().var("DATABASE_URL", chief.expose());
    let notes = elsewhere.reports(&["setup"])["notes"].clone();
    assert!(notes[0].as_str().unwrap().starts_with("no key was written"), "{notes}");
    assert!(!elsewhere.read(".env.local").contains("KEK"));

    // A superuser's run makes up for it, and changes nothing else.
    let admin = Waygate { folder: waygate.folder, vars: Vec::new() };
    let admin = admin.var("DATABASE_URL", root.with_database(DATABASE).expose());
    assert_eq!(admin.reports(&["setup"])["notes"], serde_json::json!([]));
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_sealed_setup_says_what_comes_next_and_the_env_file_names_the_dialect() {
    let Some((server, admin)) = fresh_server().await else { return };
    let waygate = Waygate::new().var("DATABASE_URL", admin.expose());
    let printed = waygate.prints(&["setup", "--dialect", "sealed"]);
    assert!(printed.contains("note: next, run `waygate seal new`"), "{printed}");
    assert_eq!(vars(&waygate.read(".env.local"))["WAYGATE_DIALECT"], "sealed");
    waygate.prints(&["seal", "new"]);
    // The file is enough for what follows, in its folder.
    let again = waygate.reports(&["setup"]);
    assert_eq!((&again["notes"], &again["env_file_changed"]), (&serde_json::json!([]), &false.into()));
    let audited = waygate.prints(&["audit"]);
    assert!(audited.contains("; isolation is proven"), "{audited}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_dash_prints_an_env_file_and_nothing_else() {
    let Some((server, admin)) = fresh_server().await else { return };
    let waygate = Waygate::new().var("DATABASE_URL", admin.expose());
    let printed = waygate.prints(&["setup", "--env-file", "-"]);
    assert_eq!(vars(&printed).len(), 5, "{printed}");
    assert_eq!(fs::read_dir(waygate.folder.path()).unwrap().count(), 0, "no file is written");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_there_keeps_its_other_lines() {
    let Some((server, admin)) = fresh_server().await else { return };
    let waygate = Waygate::new().var("DATABASE_URL", admin.expose());
    fs::write(waygate.path("my.env"), "# mine\nOTHER=1\nWAYGATE_KEK_CURRENT='old'\n").unwrap();
    waygate.prints(&["setup", "--env-file", "my.env"]);
    let text = waygate.read("my.env");
    assert!(text.starts_with("# mine\nOTHER=1\nWAYGATE_KEK_CURRENT='old'\n"), "{text}");
    assert!(text.contains("WAYGATE_APP_URL='"), "{text}");
    assert_eq!(fs::metadata(waygate.path("my.env")).unwrap().permissions().mode() & 0o777, 0o600);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_env_file_that_cannot_be_written_stops_setup_before_the_deploy() {
    let Some((server, admin)) = fresh_server().await else { return };
    let waygate = Waygate::new().var("DATABASE_URL", admin.expose());
    let error = waygate.fails(1, &["setup", "--env-file", "no/such/folder/env"]);
    assert!(error.contains("no/such/folder/env"), "{error}");
    let admin = database::connect(&admin).await.unwrap();
    let tables = admin.simple_query("SELECT FROM pg_tables WHERE schemaname = 'public'").await.unwrap();
    assert_eq!(tables.len(), 2, "a description and an end, and no row");
    server.stop().await.unwrap();
}
