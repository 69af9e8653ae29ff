//! Prisma.

use waygate_db::migrate::{Adoption, DeployOptions, Migration, Tool, deploy};

use super::{Project, listed};
use crate::support::database::Database;

pub(super) const FIRST: &str = "-- CreateTable\nCREATE TABLE \"User\" (\n    \"id\" TEXT NOT NULL\n);\n";
pub(super) const SECOND: &str = "-- AlterTable\nALTER TABLE \"User\" ADD COLUMN \"name\" TEXT;\n";
pub(super) const FILES: [(&str, &str); 3] = [
    ("0_init/migration.sql", FIRST),
    ("20250102030405_add_name/migration.sql", SECOND),
    ("migration_lock.toml", "provider = \"postgresql\"\n"),
];

/// The table as Prisma makes it.
pub(super) const TABLE: &str = "CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)";

/// Writes a row as Prisma does when a migration of this text has ended.
pub(super) async fn applied(project: &Project, name: &str, text: &str) {
    row(project, name, text, "now()", "NULL").await;
}

pub(super) async fn row(project: &Project, name: &str, text: &str, finished: &str, rolled_back: &str) {
    let sql = format!(
        "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at, applied_steps_count)
         VALUES (gen_random_uuid(), encode(sha256(convert_to($text${text}$text$, 'UTF8')), 'hex'), {finished}, '{name}', {rolled_back}, 1)"
    );
    project.did(&sql).await;
}

pub(super) async fn project() -> Project {
    let project = Project::new(Tool::Prisma, &FILES).await;
    project.did(&format!("SET ROLE waygate_owner; {FIRST} RESET ROLE; {TABLE}")).await;
    project
}

#[tokio::test]
async fn what_prisma_has_applied_stays_applied_and_the_rest_is_deployed() {
    let project = project().await;
    // What was rolled back is a note; the row behind it counts.
    row(&project, "0_init", "broken", "NULL", "now()").await;
    applied(&project, "0_init", FIRST).await;
    let adopted = project.adopt().await.unwrap();
    assert_eq!(
        listed(&adopted),
        [
            "0_init/migration.sql 00000000000000_init applied",
            "20250102030405_add_name/migration.sql 20250102030405_add_name pending",
        ]
    );
    assert_eq!(adopted.table.as_deref(), Some("public._prisma_migrations"));
    assert_eq!(
        (project.text("00000000000000_init"), project.text("20250102030405_add_name")),
        (FIRST.into(), SECOND.into())
    );
    assert_eq!(project.ledger().await, ["00000000000000_init adopt"]);
    assert_eq!(project.deploy().await, ["20250102030405_add_name"]);
    assert_eq!(project.administrator.value("SELECT count(*) FROM _prisma_migrations").await, "2");
    assert_eq!(
        project.administrator.value("SELECT \"name\" IS NULL FROM \"User\" RIGHT JOIN (SELECT) x ON true").await,
        "t"
    );
}

#[tokio::test]
async fn adopting_twice_changes_nothing_the_second_time() {
    let project = project().await;
    applied(&project, "0_init", FIRST).await;
    project.adopt().await.unwrap();
    let again = project.adopt().await.unwrap();
    assert!(again.migrations.iter().all(|one| !one.written));
    assert_eq!(project.ledger().await, ["00000000000000_init adopt"]);
}

#[tokio::test]
async fn a_checkout_with_other_line_ends_is_the_same_text() {
    let crlf = FIRST.replace('\n', "\r\n");
    let project = Project::new(Tool::Prisma, &[("20250101000000_init/migration.sql", &crlf)]).await;
    project.did(TABLE).await;
    applied(&project, "20250101000000_init", FIRST).await;
    assert_eq!(project.adopt().await.unwrap().migrations.len(), 1);
    assert_eq!(project.text("20250101000000_init"), crlf, "the file is not changed");
}

#[tokio::test]
async fn folders_of_prisma_run_unchanged_where_they_are() {
    let project = Project::new(Tool::Prisma, &[("20250101000000_init/migration.sql", FIRST), FILES[1], FILES[2]]).await;
    let files = Migration::read_dir(project.old()).unwrap();
    let empty = Database::empty().await;
    let mut session = empty.maintenance().await;
    let report = deploy(&mut session, &files, DeployOptions::default(), &mut |_| {}).await.unwrap();
    assert_eq!(report.applied.len(), 2);
    session.close().await;

    project.did(&format!("{TABLE}; SET ROLE waygate_owner; {FIRST}")).await;
    project.did("RESET ROLE").await;
    applied(&project, "20250101000000_init", FIRST).await;
    let folder = project.old();
    let in_place = Adoption { tool: Tool::Prisma, from: &folder, to: &folder, dry_run: false };
    let adopted = project.adopt_with(in_place).await.unwrap();
    assert!(adopted.migrations.iter().all(|one| !one.written));
    assert_eq!(project.ledger().await, ["20250101000000_init adopt"]);
    assert!(!project.old().join("20250101000000_init/up.sql").exists());
}

#[tokio::test]
async fn tables_that_migrations_may_not_change_are_told() {
    let project = project().await;
    applied(&project, "0_init", FIRST).await;
    let adopted = project.adopt().await.unwrap();
    let [warning] = adopted.warnings.as_slice() else { panic!("{:?}", adopted.warnings) };
    assert!(warning.starts_with("1 tables belong to") && warning.contains("REASSIGN OWNED BY"), "{warning}");
}
