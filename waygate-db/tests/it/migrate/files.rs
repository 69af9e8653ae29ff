use std::fs;
use std::path::Path;

use waygate_db::migrate::{Applied, Embedded, Migration, plan};

fn write(folder: &Path, file: &str, text: impl AsRef<[u8]>) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_change_the_checksum() {
    let unix = Migration::embedded("20250101000000_a", "SELECT 1;\nSELECT 2;\n", None);
    let windows = Migration::embedded("20250101000000_a", "\u{feff}SELECT 1;\r\nSELECT 2;\r\n", None);
    let other = Migration::embedded("20250101000000_a", "SELECT 1;\nSELECT 3;\n", None);
    assert_eq!(unix.checksum(), windows.checksum());
    assert_eq!(unix.up(), windows.up());
    assert_ne!(unix.checksum(), other.checksum());
}

#[test]
fn the_checksum_is_sha_256_of_the_text() {
    // `printf 'abc' | sha256sum`
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let checksum = Migration::embedded("20250101000000_a", "abc", None).checksum();
    assert_eq!(u128::from_str_radix(&expected[..32], 16).unwrap().to_be_bytes(), checksum[..16]);
    assert_eq!(u128::from_str_radix(&expected[32..], 16).unwrap().to_be_bytes(), checksum[16..]);
}

#[test]
fn a_folder_is_read_oldest_first() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "20250102000000_b/up.sql", "SELECT 2");
    write(folder.path(), "20250101000000_a/up.sql", "SELECT 1");
    write(folder.path(), "20250101000000_a/down.sql", "SELECT 0");
    write(folder.path(), "README.md", "");
    write(folder.path(), ".hidden/x", "");
    let files = Migration::read_dir(folder.path()).unwrap();
    let ids: Vec<_> = files.iter().map(|file| (file.version(), file.name(), file.down().is_some())).collect();
    assert_eq!(ids, [("20250101000000", "a", true), ("20250102000000", "b", false)]);
}

#[test]
fn every_malformed_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "2025_short/up.sql", "");
    write(folder.path(), "20250101000000_empty/x", "");
    write(folder.path(), "20250101000001_one/up.sql", "");
    write(folder.path(), "20250101000001_two/up.sql", "");
    write(folder.path(), "20250101000002_latin/up.sql", b"-- caf\xe9");
    write(folder.path(), "20250101000003_stray.sql", "");
    let error = Migration::read_dir(folder.path()).unwrap_err();
    assert!(error.is_migration_file());
    let text = error.to_string();
    for part in [
        "2025_short: not a migration's name",
        "20250101000000_empty: has no up.sql",
        "20250101000001_two: the same version as 20250101000001_one",
        "20250101000002_latin/up.sql: ",
        "20250101000003_stray.sql: not a migration's name",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_missing_folder_is_a_migration_file_error() {
    let error = Migration::read_dir("no/such/folder").unwrap_err();
    assert!(error.is_migration_file() && error.message().contains("no/such/folder"));
}

fn applied(file: &Migration) -> Applied {
    Applied {
        id: file.id().to_owned(),
        checksum: file.checksum(),
        applied_at: chrono::DateTime::UNIX_EPOCH,
        applied_by: "someone".to_owned(),
        duration_ms: 1,
        is_squash: false,
    }
}

#[test]
fn a_plan_orders_what_is_pending() {
    let [a, b, c] =
        ["20250101000000_a", "20250102000000_b", "20250103000000_c"].map(|id| Migration::embedded(id, "", None));
    let files = [c.clone(), a.clone(), b.clone()];
    let history = [applied(&a)];
    let plan = plan(&files, &history).unwrap();
    assert_eq!(plan.pending, [&b, &c]);
    assert_eq!(plan.applied, 1);
    assert!(plan.warnings.is_empty());
}

#[test]
fn a_plan_refuses_twins_and_malformed_names() {
    for (left, right) in [
        ("20250101000000_a", "20250101000000_a"),
        ("20250101000000_a", "20250101000000_b"),
        ("20250101000000_a", "20250101000001-b"),
        ("20250101000000_a", "20250101000001_"),
        ("20250101000000_a", "20250101000001_'; DROP TABLE x; --"),
    ] {
        let files = [left, right].map(|id| Migration::embedded(id, "", None));
        assert!(plan(&files, &[]).unwrap_err().is_migration_file(), "{left} {right}");
    }
}

#[test]
fn a_plan_without_files_refuses_a_history() {
    let a = Migration::embedded("20250101000000_a", "", None);
    assert!(plan(&[], &[applied(&a)]).unwrap_err().is_migration_file());
    assert!(plan(&[], &[]).unwrap().pending.is_empty());
}

#[test]
fn a_program_notices_that_its_folder_holds_other_migrations_by_now() {
    static COMPILED: [Migration; 3] = [
        Migration::embedded("20250101000000_same", "SELECT 1;\n", None),
        Migration::embedded("20250102000000_edited", "SELECT 2;\n", None),
        Migration::embedded("20250103000000_gone", "SELECT 3;\n", None),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path: &'static str = folder.path().to_str().unwrap().to_owned().leak();
    let embedded = Embedded::new(Some(path), &COMPILED);
    for migration in &COMPILED {
        write(folder.path(), &format!("{}/up.sql", migration.id()), migration.up().replace('\n', "\r\n"));
    }
    embedded.check_fresh().unwrap();

    write(folder.path(), "20250102000000_edited/up.sql", "SELECT 22;\n");
    fs::remove_dir_all(folder.path().join("20250103000000_gone")).unwrap();
    write(folder.path(), "20250104000000_new/up.sql", "SELECT 4;\n");
    let error = embedded.check_fresh().unwrap_err();
    assert!(error.is_migration_file(), "{error}");
    let expected = "20250102000000_edited was edited since; 20250103000000_gone is gone; 20250104000000_new is new";
    assert!(error.to_string().contains(expected) && error.to_string().contains("touch build.rs"), "{error}");

    // A release build knows no folder, and a program that was taken elsewhere finds none.
    Embedded::new(None, &COMPILED).check_fresh().unwrap();
    drop(folder);
    embedded.check_fresh().unwrap();
}

#[test]
fn the_macro_remembers_its_folder() {
    let folder = waygate_db::migrations!("tests/fixtures/migrations").folder().unwrap();
    assert_eq!(folder, Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/migrations"));
}
