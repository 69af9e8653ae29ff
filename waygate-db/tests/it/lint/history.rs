//! Several files, and what the server refuses.

use waygate_db::migrate::{Exceptions, Migration, lint};

use super::{BEFORE, linted, named};
use crate::support::database::Database;

#[tokio::test]
async fn a_table_that_an_earlier_file_made_is_in_use() {
    let database = Database::empty().await;
    let mut session = database.maintenance().await;
    let files = [
        Migration::embedded(
            "20250102000000_one",
            "CREATE TEMP TABLE t (id int); CREATE INDEX a ON orders (note);",
            None,
        ),
        Migration::embedded("20250103000000_two", "CREATE INDEX b ON orders (note);", None),
    ];
    let all = [&[Migration::embedded("20250101000000_before", BEFORE, None)], files.as_slice()].concat();
    let found = lint(&mut session, &[], &all, &Exceptions::default()).await.unwrap().findings;
    let builds: Vec<&str> =
        found.iter().filter(|one| one.rule == "builds-index").map(|one| one.migration.as_str()).collect();
    assert_eq!(builds, ["20250102000000_one", "20250103000000_two"]);
    session.close().await;
}

#[tokio::test]
async fn nothing_is_said_of_what_stands_behind_a_refused_statement() {
    let found = linted("DROP TABLE orders;\nDROP TABLE nowhere;\nDROP TABLE places;").await.findings;
    assert_eq!(named(&found), ["1 drops-table", "1 locks-referenced-table", "2 refused-statement"]);
    assert!(found[2].why.contains("nowhere"), "{}", found[2]);
}

#[tokio::test]
async fn what_a_deferred_constraint_refuses_is_found_at_the_steps_end() {
    let up = "CREATE TEMP TABLE a (id bigint PRIMARY KEY, b bigint REFERENCES a DEFERRABLE INITIALLY DEFERRED);
INSERT INTO a VALUES (1, 2);";
    assert_eq!(named(&linted(up).await.findings), ["2 refused-statement"]);
}

#[tokio::test]
async fn a_file_that_quietens_the_server_is_observed_all_the_same() {
    let up = "SET LOCAL client_min_messages = warning;\nALTER TABLE orders ALTER COLUMN amount SET NOT NULL;";
    assert_eq!(named(&linted(up).await.findings), ["2 scans-table"]);
}
