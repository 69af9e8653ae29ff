//! One migration in the place of several.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use waygate_db::migrate::{Migration, MigrationState, squash, status};

use super::database::{Database, told};

const ALL: &str = "CREATE TABLE one (id int);\nCREATE TABLE two (id int);";

fn write(folder: &Path, id: &str, up: &str) {
    fs::create_dir_all(folder.join(id)).unwrap();
    fs::write(folder.join(id).join("up.sql"), up).unwrap();
}

/// Three migrations, and the same after the first two became one.
fn folders() -> (TempDir, TempDir) {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&before, &after] {
        write(folder.path(), "20250101000000_one", "CREATE TABLE one (id int);");
        write(folder.path(), "20250102000000_two", "CREATE TABLE two (id int);");
        write(folder.path(), "20250103000000_three", "CREATE TABLE three (id int);");
    }
    let squashed = squash(after.path(), "20250102000000_two", "all", ALL).unwrap();
    assert_eq!(squashed.id, "20250102000000_all");
    assert_eq!(squashed.replaces, ["20250101000000_one", "20250102000000_two"]);
    (before, after)
}

#[tokio::test]
async fn a_squash_runs_on_a_new_database_and_is_noted_on_an_old_one() {
    let (before, after) = folders();
    let (before, after) = (Migration::read_dir(before.path()).unwrap(), Migration::read_dir(after.path()).unwrap());
    let ids: Vec<_> = after.iter().map(Migration::id).collect();
    assert_eq!(ids, ["20250102000000_all", "20250103000000_three"]);

    let new = Database::create().await;
    assert_eq!(new.deploy(&after).await.unwrap().applied.len(), 2);
    assert_eq!(new.tables().await, "one,three,two");

    let old = Database::create().await;
    old.deploy(&before).await.unwrap();
    let conn = old.connect().await;
    let found = status(&conn, &after).await.unwrap();
    assert!(found.problem.is_none() && found.pending() == 1, "{found:?}");
    let report = old.deploy(&after).await.unwrap();
    assert_eq!((report.squashed.as_slice(), report.applied.len()), (&["20250102000000_all".to_owned()][..], 0));
    assert!(old.deploy(&after).await.unwrap().squashed.is_empty());
    let states: Vec<_> = status(&conn, &after).await.unwrap().migrations.iter().map(|one| one.state).collect();
    let replaced = MigrationState::Replaced;
    assert_eq!(states, [replaced, MigrationState::Applied, replaced, MigrationState::Applied]);
    // A service that is rolled back to the files of before still starts.
    old.deploy(&before).await.unwrap();
    conn.close().await;
    old.drop().await;
    new.drop().await;
}

#[tokio::test]
async fn a_database_in_between_is_told_to_catch_up_first() {
    let (before, after) = folders();
    let (before, after) = (Migration::read_dir(before.path()).unwrap(), Migration::read_dir(after.path()).unwrap());
    let database = Database::create().await;
    database.deploy(&before[..1]).await.unwrap();
    let text = told(&database.deploy(&after).await.unwrap_err());
    assert!(text.contains("of what 20250102000000_all stands for, some is applied here and some is not"), "{text}");
    assert!(text.contains("deploy the version before the squash first"), "{text}");
    assert_eq!(database.tables().await, "one");
    database.deploy(&before).await.unwrap();
    database.deploy(&after).await.unwrap();
    // It stands for the texts that were there, and no others.
    database.run("UPDATE waygate.migrations SET checksum = sha256('another') WHERE id LIKE '%one'").await;
    let text = told(&database.deploy(&after).await.unwrap_err());
    assert!(text.contains("20250102000000_all stands for 20250101000000_one, but not for the text"), "{text}");
    database.drop().await;
}

#[test]
fn a_squash_that_cannot_be_leaves_the_folder_as_it_was() {
    let (before, _) = folders();
    let folder = before.path();
    let ids = || Migration::read_dir(folder).unwrap().iter().map(|file| file.id().to_owned()).collect::<Vec<_>>();
    let as_it_was = ids();
    for (through, name, sql) in [
        ("20250109000000_nine", "all", ALL),
        ("20250101000000_one", "all", ALL),
        ("20250102000000_two", "two", ALL),
        ("20250102000000_two", "../all", ALL),
        ("20250102000000_two", "all", "BEGIN; COMMIT;"),
    ] {
        let error = squash(folder, through, name, sql).unwrap_err();
        assert!(error.is_migration_file(), "{error:?}");
        assert_eq!(ids(), as_it_was, "{through} {name}");
    }
}

#[test]
fn both_the_old_and_the_new_folder_are_a_mistake_that_is_told() {
    let (before, after) = folders();
    fs::rename(before.path().join("20250101000000_one"), after.path().join("20250101000000_one")).unwrap();
    let files = Migration::read_dir(after.path()).unwrap();
    let error = waygate_db::migrate::plan(&files, &[]).unwrap_err();
    assert!(
        error.message().contains("20250102000000_all stands for 20250101000000_one, whose folder is still here"),
        "{error}"
    );
}
