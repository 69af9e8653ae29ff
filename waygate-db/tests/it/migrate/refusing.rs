use std::io::{Read, Write};
use std::net::TcpListener;

use waygate_db::Maintenance;
use waygate_db::migrate::Migration;

use super::database::{Database, admin_config, client, three, told};

const THIRD: &str = "CREATE TABLE three (id int);";

#[tokio::test]
async fn an_edited_migration_is_refused() {
    let database = Database::create().await;
    database.deploy(&three(THIRD)).await.unwrap();
    let mut edited = three(THIRD);
    edited[1] = Migration::embedded("20250102000000_two", "CREATE TABLE two (id bigint);", None);
    edited.push(Migration::embedded("20250104000000_four", "CREATE TABLE four (id int);", None));
    let error = database.deploy(&edited).await.unwrap_err();
    assert!(error.is_migration_file());
    assert!(error.message().contains("20250102000000_two was edited after it was applied"), "{error}");
    assert!(error.advice().unwrap().contains("write a new migration"));
    assert_eq!(database.tables().await, "one,three,two");
    database.drop().await;
}

#[tokio::test]
async fn an_older_program_deploys_with_a_warning() {
    let database = Database::create().await;
    let files = three(THIRD);
    database.deploy(&files).await.unwrap();
    let report = database.deploy(&files[..2]).await.unwrap();
    assert!(report.warnings[0].contains("20250103000000_three"), "{report:?}");
    database.drop().await;
}

#[tokio::test]
async fn a_missing_file_and_a_late_one_are_refused() {
    let database = Database::create().await;
    let mut files = three(THIRD);
    database.deploy(&files).await.unwrap();
    files.remove(0);
    files.push(Migration::embedded("20250102120000_late", "CREATE TABLE late (id int);", None));
    let error = database.deploy(&files).await.unwrap_err();
    assert!(error.is_migration_file());
    let told = told(&error);
    assert!(told.contains("20250101000000_one is applied, but its file is gone"), "{told}");
    assert!(
        told.contains("20250102120000_late is not applied, but 20250103000000_three, which is newer, is"),
        "{told}"
    );
    database.drop().await;
}

#[tokio::test]
async fn a_foreign_schema_is_refused_before_anything_is_written() {
    let database = Database::create().await;
    database.run("CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE one (id int); CREATE TABLE \"Odd\" (id int)").await;
    database.run("CREATE TABLE a1 (); CREATE TABLE a2 (); CREATE VIEW a3 AS SELECT 1 AS x").await;
    let before = database.objects().await;
    let error = database.deploy(&three(THIRD)).await.unwrap_err();
    assert!(error.is_foreign_schema());
    let named = r#"in schema public: table "Odd", table a1, table a2, table one, type mood and 1 more."#;
    assert!(error.message().contains(named), "{error}");
    assert_eq!(database.objects().await, before);
    database.drop().await;
}

#[tokio::test]
async fn transaction_control_in_any_pending_file_stops_all() {
    let database = Database::create().await;
    let before = database.objects().await;
    let error = database.deploy(&three("CREATE TABLE three (id int);\n  COMMIT;")).await.unwrap_err();
    assert!(error.is_migration_file());
    assert!(error.message().contains("20250103000000_three/up.sql:2:3: COMMIT"), "{error}");
    assert_eq!(database.objects().await, before);
    database.drop().await;
}

#[tokio::test]
async fn a_login_that_may_not_become_the_owner_is_refused() {
    let database = Database::create().await;
    let role = format!("waygate_migrate_stranger_{}", std::process::id());
    database.run(&format!("CREATE ROLE {role} LOGIN")).await;
    let error = Maintenance::connect(database.config().user(&role)).await.unwrap_err();
    database.run(&format!("DROP ROLE {role}")).await;
    assert!(error.is_permission_denied(), "{error:?}");
    database.drop().await;
}

#[tokio::test]
async fn a_server_out_of_reach_and_a_refused_login_are_connect_errors() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(port).user("postgres");
    assert!(Maintenance::connect(&config).await.unwrap_err().is_connect());
    let database = Database::create().await;
    let mut elsewhere = database.config();
    elsewhere.dbname("waygate_no_such_database");
    let missing = Maintenance::connect(&elsewhere).await.unwrap_err();
    assert!(missing.is_connect(), "{missing:?}");
    assert!(missing.message().contains("3D000"));
}

/// A server of our own making: it tells this version, agrees to everything, and knows no roles.
fn pretend_server(version: &'static str) -> tokio_postgres::Config {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let message = |kind: u8, body: &[u8]| {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind], length.as_slice(), body].concat()
    };
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let ready = message(b'Z', b"I");
        let parameter = message(b'S', format!("server_version\0{version}\0").as_bytes());
        let mut answer = [message(b'R', &[0; 4]), parameter].concat();
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            if buffer[0] == b'Q' {
                answer = if buffer[..length].windows(9).any(|window| window == b"SET ROLE ") {
                    message(b'E', b"SERROR\0C22023\0Mrole \"waygate_owner\" does not exist\0\0")
                } else {
                    message(b'C', b"SET\0")
                };
            }
            stream.write_all(&answer).unwrap();
            stream.write_all(&ready).unwrap();
        }
    });
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(port).user("postgres").ssl_mode(tokio_postgres::config::SslMode::Disable);
    config
}

#[tokio::test]
async fn a_server_older_than_15_is_refused() {
    let error = Maintenance::connect(&pretend_server("14.9 (Debian)")).await.unwrap_err();
    assert!(error.is_server_too_old(), "{error:?}");
    assert!(error.message().contains("14.9"));
}

#[tokio::test]
async fn a_server_without_the_roles_is_told_to_run_setup() {
    let error = Maintenance::connect(&pretend_server("18beta1")).await.unwrap_err();
    assert!(error.is_role_missing(), "{error:?}");
    assert!(error.advice().unwrap().contains("waygate setup"));
}

#[tokio::test]
async fn no_limit_of_the_role_or_the_database_cuts_a_migration_short() {
    let database = Database::create().await;
    let name = database.text("SELECT current_database()").await;
    database.run(&format!("ALTER DATABASE {name} SET statement_timeout = '100ms'")).await;
    database.run(&format!("ALTER DATABASE {name} SET idle_session_timeout = '100ms'")).await;
    database.deploy(&three("SELECT pg_sleep(0.3);")).await.unwrap();
    // The limit does cut others short.
    let other = client(&admin_config(&database)).await;
    assert!(other.batch_execute("SELECT pg_sleep(0.3)").await.is_err());
    database.drop().await;
}
