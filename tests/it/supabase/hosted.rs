//! A hosted project: its administrator is no superuser, and database and roles are there before us.

use waygate_db::local::roles::roles_sql;
use waygate_db::local::{Urls, database, run_sql};
use waygate_db::{Dialect, TenantClaim};

use crate::cli::Waygate;
use crate::support::own_server;
use crate::support::supabase::migrations;

/// What the platform has made, after its public scripts: the three roles of requests, PostgREST's login, and an
/// administrator who may create roles but is no superuser.
const PLATFORM: &str = "
    CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; CREATE ROLE service_role NOLOGIN BYPASSRLS;
    CREATE ROLE authenticator LOGIN NOINHERIT; GRANT anon, authenticated, service_role TO authenticator;
    CREATE ROLE chief LOGIN NOSUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS;
    DO $$ BEGIN
        IF current_setting('server_version_num')::int >= 160000 THEN
            GRANT anon, authenticated, service_role TO chief WITH ADMIN OPTION;
        END IF;
    END $$;";
const PROJECT: &str = "
    GRANT USAGE ON SCHEMA public TO chief, anon, authenticated, service_role;
    ALTER DEFAULT PRIVILEGES FOR ROLE chief IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;";

#[tokio::test]
async fn setup_prepares_a_project_whose_administrator_is_no_superuser() {
    let Some(server) = own_server().await else { return };
    let root = server.admin_url();
    run_sql(&root, PLATFORM).await.unwrap();
    run_sql(&root, "CREATE DATABASE project OWNER chief").await.unwrap();
    let project = root.with_database("project");
    run_sql(&project, PROJECT).await.unwrap();
    let chief = project.with_user("chief").unwrap();

    let waygate = Waygate::new().var("DATABASE_URL", chief.expose()).var("WAYGATE_DIALECT", "supabase");
    let report = waygate.reports(&["setup"]);
    assert_eq!(report["migrations"]["applied"].as_array().unwrap().len(), migrations().len(), "{report}");
    let again = waygate.reports(&["setup"]);
    assert_eq!(again["migrations"]["already_applied"], migrations().len(), "{again}");
    assert_eq!(again["env_file_changed"], false);

    let owners = "SELECT string_agg(DISTINCT relowner::regrole::text, ',') FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(run_sql(&project, owners).await.unwrap(), [[Some("waygate_owner".to_owned())]]);
    let database_owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'project'";
    assert_eq!(
        run_sql(&project, database_owner).await.unwrap(),
        [[Some("chief".to_owned())]],
        "it stays the platform's"
    );
    // The platform's own logins still connect, and `anon` got nothing by default.
    let authenticator = project.with_user("authenticator").unwrap();
    let anon = run_sql(&authenticator, "SET ROLE anon; SELECT 1 FROM tenants").await.unwrap_err();
    assert_eq!(anon.code(), Some("42501"));
    let app = Urls::derive(&project).unwrap().app;
    assert!(database::connect(&app).await.is_ok());
    assert_eq!(run_sql(&app, "SET ROLE service_role").await.unwrap_err().code(), Some("42501"));
}

#[tokio::test]
async fn the_script_of_the_roles_may_run_again_and_where_the_platforms_are() {
    let Some(server) = own_server().await else { return };
    let script = Waygate::new().prints(&["schema", "roles", "--dialect", "supabase"]);
    assert_eq!(script.trim_end(), roles_sql(&Dialect::Supabase(TenantClaim::default())).trim_end());
    run_sql(&server.admin_url(), PLATFORM).await.unwrap();
    let chief = server.admin_url().with_user("chief").unwrap();
    for _ in 0..2 {
        run_sql(&chief, &script).await.unwrap();
    }
    let members =
        "SELECT count(*) FROM pg_auth_members WHERE member IN ('waygate_app'::regrole, 'waygate_service'::regrole)";
    assert_eq!(run_sql(&chief, members).await.unwrap(), [[Some("3".to_owned())]]);
}
