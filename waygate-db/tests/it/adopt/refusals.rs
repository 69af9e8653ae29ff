//! Histories and folders that do not fit: one error, and nothing is written.

use waygate_db::migrate::{Adoption, Tool, adopt};

use super::Project;
use super::prisma::{FILES, FIRST, SECOND, TABLE, applied, project, row};

#[tokio::test]
async fn a_migration_that_failed_is_refused() {
    let project = project().await;
    applied(&project, "0_init", FIRST).await;
    row(&project, "20250102030405_add_name", SECOND, "NULL", "NULL").await;
    project.refused(&["20250102030405_add_name failed, or never ended", "put it right with the tool itself"]).await;
}

#[tokio::test]
async fn everything_that_does_not_fit_is_told_at_once() {
    let project = project().await;
    applied(&project, "0_init", "CREATE TABLE other ();").await;
    applied(&project, "20250101000000_gone", SECOND).await;
    let words = [
        "0_init/migration.sql was edited after it was applied",
        "20250101000000_gone is applied, but its file is gone",
    ];
    project.refused(&words).await;
}

#[tokio::test]
async fn a_migration_between_applied_ones_is_refused() {
    let project = project().await;
    applied(&project, "20250102030405_add_name", SECOND).await;
    project.refused(&["0_init/migration.sql is not applied, but a newer one is"]).await;
}

#[tokio::test]
async fn a_database_without_the_tools_table_is_refused() {
    let project = Project::new(Tool::Prisma, &FILES).await;
    project.refused(&["no table _prisma_migrations", "Prisma has applied nothing here"]).await;
}

#[tokio::test]
async fn a_database_with_migrations_of_its_own_is_refused() {
    let project = project().await;
    applied(&project, "0_init", FIRST).await;
    project.adopt().await.unwrap();
    let other = Project { tool: Tool::Prisma, ..project };
    other.did("UPDATE waygate.migrations SET id = '20240101000000_own'").await;
    let error = other.adopt().await.unwrap_err();
    assert!(error.is_migration_file() && error.to_string().contains("20240101000000_own"), "{error}");
}

#[tokio::test]
async fn a_dry_run_checks_and_writes_nothing() {
    let project = project().await;
    applied(&project, "0_init", FIRST).await;
    let (from, to) = (project.old(), project.new_folder());
    let dry = Adoption { tool: Tool::Prisma, from: &from, to: &to, dry_run: true };
    let adopted = project.adopt_with(dry).await.unwrap();
    assert!(adopted.dry_run && adopted.migrations.iter().all(|one| one.written) && adopted.migrations[0].applied);
    assert!(!to.exists());
    assert_eq!(project.administrator.value("SELECT to_regclass('waygate.migrations') IS NULL").await, "t");
}

#[tokio::test]
async fn without_a_database_only_files_are_written() {
    let project = Project::new(Tool::Prisma, &FILES).await;
    let (from, to) = (project.old(), project.new_folder());
    let adopted = adopt(Adoption { tool: Tool::Prisma, from: &from, to: &to, dry_run: false }, None).await.unwrap();
    assert!(adopted.table.is_none() && adopted.migrations.iter().all(|one| one.written && !one.applied));
    assert_eq!(project.text("20250102030405_add_name"), SECOND);
}

#[tokio::test]
async fn files_that_are_to_become_folders_of_the_same_place_are_refused() {
    let project = Project::new(Tool::Sqlx, &[("1_one.sql", "SELECT 1;")]).await;
    let folder = project.old();
    let in_place = Adoption { tool: Tool::Sqlx, from: &folder, to: &folder, dry_run: false };
    let error = adopt(in_place, None).await.unwrap_err();
    assert!(error.is_config() && error.to_string().contains("move the old ones away first"), "{error}");
}

#[tokio::test]
async fn a_folder_with_other_migrations_of_that_id_is_refused() {
    let project = project().await;
    applied(&project, "0_init", FIRST).await;
    let own = project.new_folder().join("00000000000000_init");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("up.sql"), "SELECT 1;").unwrap();
    let error = project.adopt().await.unwrap_err();
    assert!(error.is_migration_file() && error.to_string().contains("00000000000000_init"), "{error}");
    assert_eq!(project.administrator.value("SELECT to_regclass('waygate.migrations') IS NULL").await, "t");
    assert!(!project.new_folder().join("20250102030405_add_name").exists());
}

#[tokio::test]
async fn a_text_that_this_runner_cannot_run_is_told() {
    let up = "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n";
    let project = Project::new(Tool::Prisma, &[("20250101000000_own_transaction/migration.sql", up)]).await;
    project.did(TABLE).await;
    let adopted = project.adopt().await.unwrap();
    assert!(adopted.warnings.iter().any(|warning| warning.contains("BEGIN in a migration")), "{:?}", adopted.warnings);
}

#[test]
fn a_folder_without_migrations_of_the_tool_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("README.md"), "").unwrap();
    let adoption = Adoption { tool: Tool::Diesel, from: folder.path(), to: folder.path(), dry_run: true };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(adopt(adoption, None)).unwrap_err();
    assert!(error.is_migration_file() && error.to_string().contains("holds no migrations of Diesel"), "{error}");
}
