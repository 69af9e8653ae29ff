//! Roles and databases: created once, with these rights and no others.

use std::fs;
use std::time::{Duration, Instant};

use tokio_postgres::Client;
use waygate_db::Dialect;
use waygate_db::local::database::{connect, create_database, drop_database, hand_over, prepare_database};
use waygate_db::local::roles::{self, Passwords, ensure_roles, missing_roles, require_roles, roles_sql};

use super::{column, run_folder, start};

async fn code(client: &Client, sql: &str) -> String {
    client.simple_query(sql).await.unwrap_err().code().unwrap().code().to_owned()
}

#[tokio::test]
async fn roles_are_created_once_also_by_eight_at_the_same_moment() {
    let server = start().await;
    let admin = connect(&server.admin_url()).await.unwrap();
    let error = require_roles(&admin).await.unwrap_err();
    assert!(error.is_role_missing() && error.to_string().contains("waygate setup"), "{error}");

    let mut tasks = Vec::new();
    for _ in 0..8 {
        let url = server.admin_url();
        tasks.push(tokio::spawn(async move {
            let admin = connect(&url).await.unwrap();
            ensure_roles(&admin, &Passwords::default()).await.unwrap()
        }));
    }
    let mut created = Vec::new();
    for task in tasks {
        created.extend(task.await.unwrap());
    }
    created.sort_unstable();
    let mut all: Vec<_> = roles::names().collect();
    all.sort_unstable();
    assert_eq!(created, all, "each was created by exactly one");
    assert!(missing_roles(&admin).await.unwrap().is_empty());
    assert!(ensure_roles(&admin, &Passwords::default()).await.unwrap().is_empty());
    admin.batch_execute(&roles_sql(&Dialect::Postgres)).await.unwrap();

    let rights = "SELECT rolname || ' ' || rolcanlogin || ' ' || rolinherit FROM pg_roles WHERE rolname LIKE 'waygate%' \
                  AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication) ORDER BY rolname";
    assert_eq!(
        column(&admin, rights).await,
        [
            "waygate_app true false",
            "waygate_login false true",
            "waygate_migrator true false",
            "waygate_owner false true",
            "waygate_service true false",
        ]
    );
    let members = "SELECT roleid::regrole || ' ' || member::regrole FROM pg_auth_members \
                   WHERE roleid::regrole::text LIKE 'waygate%' ORDER BY 1";
    assert_eq!(column(&admin, members).await, ["waygate_login waygate_owner", "waygate_owner waygate_migrator"]);
}

#[tokio::test]
async fn the_script_for_psql_makes_the_same_roles() {
    let server = start().await;
    let admin = connect(&server.admin_url()).await.unwrap();
    admin.batch_execute(&roles_sql(&Dialect::Postgres)).await.unwrap();
    assert!(missing_roles(&admin).await.unwrap().is_empty());
    assert!(ensure_roles(&admin, &Passwords::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_prepared_database_lets_in_the_three_logins_and_gives_them_nothing_more() {
    let server = start().await;
    let admin = connect(&server.admin_url()).await.unwrap();
    let error = create_database(&admin, "early", None).await.unwrap_err();
    assert!(error.is_role_missing(), "{error:?}");
    ensure_roles(&admin, &Passwords::default()).await.unwrap();

    // A copy has none of its template's rights until it is prepared itself.
    create_database(&admin, "base", None).await.unwrap();
    prepare_database(&connect(&server.admin_url().with_database("base")).await.unwrap()).await.unwrap();
    let name = "we\"ird Name";
    let start = Instant::now();
    until_free(&admin, name).await;
    println!("a copied database in {:?}", start.elapsed());
    let inside = server.admin_url().with_database(name);
    let client = connect(&inside).await.unwrap();
    for _ in 0..2 {
        prepare_database(&client).await.unwrap();
        let acl = "SELECT unnest(datacl)::text FROM pg_database WHERE datname = current_database() ORDER BY 1";
        assert_eq!(
            column(&client, acl).await,
            [
                "waygate_app=c/waygate_owner",
                "waygate_migrator=c/waygate_owner",
                "waygate_owner=CTc/waygate_owner",
                "waygate_service=c/waygate_owner",
            ]
        );
        let owners = "SELECT datdba::regrole || ' ' || (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'public') \
                      FROM pg_database WHERE datname = current_database()";
        assert_eq!(column(&client, owners).await, ["waygate_owner waygate_owner"]);
    }

    let app = connect(&inside.with_user(roles::APP).unwrap()).await.unwrap();
    assert_eq!(code(&app, "CREATE TABLE t ()").await, "42501");
    assert_eq!(code(&app, "CREATE TEMPORARY TABLE t ()").await, "42501");
    assert_eq!(code(&app, "SET ROLE waygate_owner").await, "42501");
    let migrator = connect(&inside.with_user(roles::MIGRATOR).unwrap()).await.unwrap();
    assert_eq!(code(&migrator, "CREATE TABLE t ()").await, "42501", "nothing before SET ROLE");
    migrator
        .batch_execute("SET ROLE waygate_owner; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        .await
        .unwrap();
    assert_eq!(code(&app, "SELECT f()").await, "42501", "functions are not everybody's");
    // The owner can hand the login function over, and still grant it.
    migrator
        .batch_execute(
            "GRANT CREATE ON SCHEMA public TO waygate_login; ALTER FUNCTION f() OWNER TO waygate_login; \
             REVOKE CREATE ON SCHEMA public FROM waygate_login; GRANT EXECUTE ON FUNCTION f() TO waygate_app",
        )
        .await
        .unwrap();
    assert_eq!(column(&app, "SELECT f()").await, ["1"]);

    drop_database(&admin, name).await.unwrap();
    drop_database(&admin, name).await.unwrap();
    assert!(column(&admin, "SELECT datname FROM pg_database WHERE datname LIKE 'we%'").await.is_empty());
}

/// Copies `base`, whose last session may be a moment from gone.
async fn until_free(admin: &Client, name: &str) {
    for _ in 0..50 {
        match create_database(admin, name, Some("base")).await {
            Err(error) if error.code() == Some("55006") => tokio::time::sleep(Duration::from_millis(20)).await,
            result => return result.unwrap(),
        }
    }
    panic!("the template stays in use");
}

#[tokio::test]
async fn an_administrator_who_is_no_superuser_hands_over_a_database_and_keeps_no_membership() {
    let server = start().await;
    let root = connect(&server.admin_url()).await.unwrap();
    root.batch_execute("CREATE ROLE chief LOGIN CREATEROLE CREATEDB").await.unwrap();
    root.batch_execute("CREATE DATABASE theirs OWNER chief").await.unwrap();
    let chief = server.admin_url().with_user("chief").unwrap().with_database("theirs");
    let chief = connect(&chief).await.unwrap();
    ensure_roles(&chief, &Passwords::default()).await.unwrap();
    for _ in 0..2 {
        hand_over(&chief).await.unwrap();
    }
    create_database(&chief, "more", None).await.unwrap();
    drop_database(&chief, "more").await.unwrap();
    let owners = "SELECT datdba::regrole FROM pg_database WHERE datname = 'theirs'";
    assert_eq!(column(&root, owners).await, ["waygate_owner"]);
    assert_eq!(column(&root, "SELECT pg_has_role('chief', 'waygate_owner', 'USAGE')").await, ["f"]);
    assert_eq!(code(&chief, "CREATE TABLE t ()").await, "42501");
}

#[tokio::test]
async fn a_random_password_logs_in_and_is_stored_as_scram_alone() {
    let server = start().await;
    let admin = connect(&server.admin_url()).await.unwrap();
    let passwords = Passwords::random().unwrap();
    ensure_roles(&admin, &passwords).await.unwrap();
    // From now on logins need their passwords.
    admin
        .batch_execute(
            "COPY (VALUES ('local all postgres trust'), ('local all all scram-sha-256')) TO \
             PROGRAM 'cat > pg_hba.conf'; SELECT pg_reload_conf()",
        )
        .await
        .unwrap();
    let app = server.admin_url().with_user(roles::APP).unwrap();
    let mut refused = connect(&app.with_password(Some("wrong"))).await.err();
    for _ in 0..50 {
        if refused.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        refused = connect(&app.with_password(Some("wrong"))).await.err();
    }
    let refused = refused.unwrap();
    assert!(refused.is_connect() && !format!("{refused} {refused:?}").contains("wrong"), "{refused}");

    let secret = passwords.app.as_ref().unwrap();
    connect(&app.with_password(Some(secret.expose()))).await.unwrap();
    assert_eq!(secret.expose().len(), 43);
    assert!(!format!("{passwords:?}").contains(secret.expose()));
    let stored = "SELECT DISTINCT left(rolpassword, 14) FROM pg_authid WHERE rolname LIKE 'waygate%' AND rolcanlogin";
    assert_eq!(column(&admin, stored).await, ["SCRAM-SHA-256$"]);
    let log = fs::read_to_string(run_folder(&server).join("server.log")).unwrap();
    assert!(!log.contains(secret.expose()));
}

#[tokio::test]
async fn an_unreachable_server_is_a_connect_error_without_the_password() {
    let url: waygate_db::DatabaseUrl = "postgres://ada:hunter2@127.0.0.1:1/db".parse().unwrap();
    let error = connect(&url).await.err().unwrap();
    assert!(error.is_connect());
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_maintenance_connection_that_fails_names_host_and_database_without_the_password() {
    // It takes connections and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    for (place, expected) in [
        ("127.0.0.1:1/db".to_owned(), "cannot reach the server 127.0.0.1:1, database db: "),
        ("[::1]:1/db".to_owned(), "cannot reach the server [::1]:1, database db: "),
        ("/db?host=/no/such/folder".to_owned(), "cannot reach the server /no/such/folder/.s.PGSQL.5432, database db: "),
        (format!("{silent}/db?connect_timeout=1"), "did not answer within 1s"),
    ] {
        let url: waygate_db::DatabaseUrl = format!("postgres://ada:hunter2@{place}").parse().unwrap();
        let error = waygate_db::Maintenance::connect(&url.to_config()).await.unwrap_err();
        assert!(error.is_connect() && error.advice().is_some());
        assert!(error.message().contains(expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}
