//! Commands that cannot do their work: one worded error, and an exit code.

use crate::support::{EmptyDb, MARKER, TestDb};

use super::Waygate;

#[test]
fn without_any_url_a_command_says_which_variable_to_set() {
    let waygate = Waygate::new();
    for command in [&["migrate", "status"][..], &["migrate", "deploy"], &["db", "seed"], &["setup"]] {
        let error = waygate.fails(1, command);
        assert!(error.contains("DATABASE_URL") && error.contains("is set") || error.contains("is not set"), "{error}");
    }
    assert!(!waygate.path(".env.local").exists(), "nothing was written");
}

#[test]
fn a_malformed_url_is_named_and_not_shown() {
    for command in [&["migrate", "status"][..], &["db", "seed"], &["setup"]] {
        let waygate = Waygate::new().var("DATABASE_URL", format!("mysql://root:{MARKER}@host/db"));
        let error = waygate.fails(1, command);
        assert!(error.contains("DATABASE_URL") && !error.contains(MARKER), "{error}");
    }
}

#[test]
fn a_server_out_of_reach_is_an_error_without_the_password() {
    for command in [&["migrate", "deploy"][..], &["migrate", "status"], &["db", "seed"], &["setup"]] {
        let waygate = Waygate::new().var("DATABASE_URL", format!("postgres://postgres:{MARKER}@127.0.0.1:1/db"));
        let error = waygate.fails(1, command);
        assert!(!error.contains(MARKER), "{error}");
        assert!(error.contains("127.0.0.1:1"), "it says which server: {error}");
    }
}

#[test]
fn a_dialect_without_migrations_is_refused_before_a_server_is_asked() {
    let waygate = Waygate::new();
    for command in [&["migrate", "deploy"][..], &["migrate", "status"], &["setup"]] {
        let error = waygate.fails(1, &[command, &["--dialect", "supabase:org"]].concat());
        assert!(error.contains("no migrations for the dialect supabase:org"), "{error}");
    }
}

#[test]
fn wrong_usage_ends_with_two() {
    let waygate = Waygate::new();
    for arguments in [&[][..], &["migrate"], &["unknown"], &["migrate", "deploy", "--unknown"], &["schema", "sql", "x"]]
    {
        let ended = waygate.run(arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.stderr.contains("Usage"), "{}", ended.stderr);
    }
    assert_eq!(waygate.run(&["--version"]).code, 0);
    assert!(waygate.prints(&["--help"]).contains("demo"));
}

#[test]
fn help_names_every_variable_that_a_command_reads() {
    // Where they are declared, so that a new one cannot be left out.
    let declared = include_str!("../../../waygate-db/src/environment.rs");
    let declared = declared.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str"));
    let mut names: Vec<_> = declared.map(|(name, _)| name.replace("_KEK_PREFIX", "_KEK_<id>")).collect();
    names.push("NO_COLOR".to_owned());
    assert!(names.len() >= 9, "{names:?}");
    let help = Waygate::new().prints(&["--help"]);
    for name in names {
        assert!(help.lines().any(|line| line.split_whitespace().next() == Some(&name)), "{name}: {help}");
    }
}

#[test]
fn a_broken_env_file_is_named_by_its_line_and_not_shown() {
    let waygate = Waygate::new();
    std::fs::write(waygate.path(".env.local"), format!("WAYGATE_APP_URL='x'\nthis is {MARKER} no assignment\n"))
        .unwrap();
    let error = waygate.fails(1, &["migrate", "status"]);
    assert!(error.contains(".env.local") && !error.contains(MARKER), "{error}");
}

#[tokio::test]
async fn a_database_of_somebody_else_is_refused_and_left_as_it_is() {
    let empty = EmptyDb::new().await;
    let owner = crate::support::Login::Owner;
    empty.sql(owner, "CREATE TABLE invoices (id int)").await.unwrap();
    let waygate = Waygate::on(empty.scratch.urls());
    for command in [&["migrate", "deploy"][..], &["setup", "--env-file", "-"]] {
        let ended = waygate.run(command);
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        assert!(ended.stderr.contains("invoices"), "{}", ended.stderr);
    }
    let ledger = empty.sql(owner, "SELECT to_regclass('waygate.migrations')").await.unwrap();
    assert_eq!(ledger, [[None]]);
}

#[tokio::test]
async fn the_tenants_login_deploys_nothing() {
    let test = TestDb::new().await;
    let waygate = Waygate::new().var("WAYGATE_MIGRATOR_URL", test.urls().app.expose());
    let error = waygate.fails(1, &["migrate", "deploy"]);
    assert!(error.contains("waygate_owner"), "{error}");
}
