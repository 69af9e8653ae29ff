//! `migrate adopt`.

use std::fs;

use super::Waygate;
use crate::support::{EmptyDb, Login};

const UP: &str = "CREATE TABLE notes (id bigint PRIMARY KEY);\n";

#[tokio::test]
async fn a_history_of_diesel_is_taken_over_and_told() {
    let empty = EmptyDb::new().await;
    let waygate = Waygate::on(empty.scratch.urls());
    let old = waygate.path("old").join("2025-01-01-000000_notes");
    fs::create_dir_all(&old).unwrap();
    fs::write(old.join("up.sql"), UP).unwrap();
    let history = "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
                   INSERT INTO __diesel_schema_migrations VALUES ('20250101000000')";
    empty.sql(Login::Owner, UP).await.unwrap();
    // A history that is older than the guard of row security.
    let older = "ALTER TABLE __diesel_schema_migrations DISABLE ROW LEVEL SECURITY";
    let grant = "GRANT SELECT ON __diesel_schema_migrations TO waygate_owner";
    empty.sql(Login::Admin, &format!("{history}; {older}; {grant}")).await.unwrap();
    let arguments = ["migrate", "adopt", "diesel", "--dir", "old", "--out", "new"];
    let dry = waygate.prints(&[&arguments[..], &["--dry-run"]].concat());
    assert!(dry.contains("nothing was written: this was a dry run"), "{dry}");
    assert!(!waygate.path("new").exists());
    let report = waygate.reports(&arguments);
    assert_eq!(report["tool"], "diesel");
    assert_eq!(report["table"], "public.__diesel_schema_migrations");
    let one = &report["migrations"][0];
    assert_eq!(
        (&one["original"], &one["id"]),
        (&"2025-01-01-000000_notes/up.sql".into(), &"20250101000000_notes".into())
    );
    assert_eq!((&one["applied"], &one["divided"], &one["written"]), (&true.into(), &false.into(), &true.into()));
    assert_eq!(waygate.read("new/20250101000000_notes/up.sql"), UP);
    let told = waygate.prints(&arguments);
    assert!(told.contains("public.__diesel_schema_migrations stays as it is"), "{told}");
    let refused = waygate.fails(1, &["migrate", "adopt", "sqlx", "--dir", "new", "--out", "newer"]);
    assert!(refused.contains("holds no migrations of sqlx"), "{refused}");
}
