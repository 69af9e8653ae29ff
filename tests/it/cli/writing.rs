//! `migrate dev`.

use std::fs;

use waygate::MIGRATIONS;
use waygate_db::local::run_sql;

use super::Waygate;
use crate::support::EmptyDb;

/// A project whose history ends before the models do.
fn behind(waygate: Waygate) -> Waygate {
    let first = &MIGRATIONS[0];
    let folder = waygate.path("migrations").join(first.id());
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("up.sql"), first.up().as_bytes()).unwrap();
    waygate
}

#[tokio::test]
async fn what_the_models_have_more_than_the_history_is_written_and_applied() {
    let empty = EmptyDb::new().await;
    let waygate = behind(Waygate::on(empty.scratch.urls()));
    let done = waygate.reports(&["migrate", "dev", "--name", "Catch up!"]);
    let written = &done["histories"][0];
    let id = written["id"].as_str().unwrap();
    assert!(id.ends_with("_catch_up") && id > MIGRATIONS[0].id(), "{id}");
    assert_eq!(written["dialect"], "postgres");
    let up = waygate.read(&format!("migrations/{id}/up.sql"));
    assert!(up.starts_with("-- Catch up!\n") && up.contains("previous_api_key_hash"), "{up}");
    let applied: Vec<_> = done["deployed"]["applied"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(applied, [MIGRATIONS[0].id(), id]);
    let columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'tenants'::regclass AND attname LIKE 'previous%'";
    assert_eq!(run_sql(&empty.scratch.urls().admin, columns).await.unwrap(), [[Some("2".to_owned())]]);

    let again = waygate.prints(&["migrate", "dev", "--name", "again"]);
    assert!(again.starts_with("nothing to do: the history for postgres makes what the models say\n"), "{again}");
    assert_eq!(fs::read_dir(waygate.path("migrations")).unwrap().count(), 2);
    let shadows = "SELECT count(*) FROM pg_database WHERE datname LIKE 'waygate_shadow%'";
    let _ = run_sql(&empty.scratch.urls().admin, shadows).await.unwrap();
}

#[tokio::test]
async fn what_is_only_created_is_not_applied() {
    let empty = EmptyDb::new().await;
    let waygate = behind(Waygate::on(empty.scratch.urls()));
    let done = waygate.reports(&["migrate", "dev", "--name", "catch_up", "--create-only"]);
    assert_eq!(done["deployed"], serde_json::Value::Null);
    assert_eq!(fs::read_dir(waygate.path("migrations")).unwrap().count(), 2);
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(run_sql(&empty.scratch.urls().admin, tables).await.unwrap(), [[Some("0".to_owned())]]);
}

#[tokio::test]
async fn what_would_be_lost_is_listed_with_its_rows_and_the_flag_that_consents() {
    let empty = EmptyDb::new().await;
    let waygate = behind(Waygate::on(empty.scratch.urls()));
    waygate.prints(&["migrate", "dev", "--name", "catch up"]);
    let folder = waygate.path("migrations/29991231235959_more");
    fs::create_dir_all(&folder).unwrap();
    let more = "ALTER TABLE public.tenants ADD COLUMN vat text; CREATE TABLE public.regions (id uuid PRIMARY KEY); \
                CREATE POLICY regions_owner ON public.regions TO waygate_owner USING (true); \
                CREATE VIEW public.names AS SELECT name FROM public.tenants;";
    fs::write(folder.join("up.sql"), more).unwrap();
    // Of the new migration the development database knows nothing yet, so nothing of it can be counted.
    let asked = waygate.run(&["migrate", "dev", "--name", "less"]);
    assert_eq!(asked.code, 3, "{}{}", asked.stdout, asked.stderr);
    let asked: serde_json::Value = serde_json::from_str(&asked.stdout).unwrap();
    let flags: Vec<_> = asked["undecided"]["losses"].as_array().unwrap().iter().map(|loss| &loss["accept"]).collect();
    assert_eq!(flags, ["--accept-data-loss=tenants.vat", "--accept-data-loss=regions"]);
    assert_eq!(asked["undecided"]["losses"][1]["rows"], serde_json::Value::Null);
    assert_eq!(fs::read_dir(waygate.path("migrations")).unwrap().count(), 3, "nothing is written");

    let arguments =
        ["migrate", "dev", "--name", "less", "--accept-data-loss=tenants.vat", "--accept-data-loss=regions"];
    let done = waygate.reports(&arguments);
    let id = done["histories"][0]["id"].as_str().unwrap();
    assert_eq!(id, "30000101000000_less", "never older than the newest");
    let up = waygate.read(&format!("migrations/{id}/up.sql"));
    assert!(up.contains("-- WARNING: drops table regions with its rows.\n"), "{up}");
    assert_eq!(done["histories"][0]["unmanaged"], serde_json::json!(["view public.names"]));
    assert_eq!(done["histories"][0]["losses"].as_array().unwrap().len(), 2);
}

#[test]
fn a_name_without_letters_is_refused() {
    let error = Waygate::new().fails(1, &["migrate", "dev", "--name", "…"]);
    assert!(error.contains("no letter"), "{error}");
}

#[tokio::test]
async fn a_project_without_a_history_gets_its_first_migration() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    let done = waygate.reports(&["migrate", "dev", "--name", "initial"]);
    assert_eq!(done["deployed"]["applied"].as_array().unwrap().len(), 1);
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(run_sql(&empty.scratch.urls().admin, tables).await.unwrap(), [[Some("6".to_owned())]]);
    waygate.prints(&["audit"]);
}

#[tokio::test]
async fn another_kind_of_server_has_a_folder_of_its_own() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    let done = waygate.reports(&["migrate", "dev", "--name", "initial", "--dialect", "sealed", "--create-only"]);
    let id = done["histories"][0]["id"].as_str().unwrap();
    assert!(waygate.read(&format!("migrations-sealed/{id}/up.sql")).contains("waygate.sealed_tenant()"));
    assert!(!waygate.path("migrations").exists());
}
