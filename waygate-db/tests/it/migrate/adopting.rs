//! Histories of other tools: their tables hold what those tools write.

use std::fs;
use std::path::Path;

use waygate_db::migrate::{Adoption, Migration, Tool};

use super::database::{Database, told};

const FIRST: &str = "CREATE TABLE one (id int);\n";
const SECOND: &str = "CREATE INDEX CONCURRENTLY one_id ON one (id);\n";
const THIRD: &str = "CREATE TABLE three (id int);\n";

/// The folder of a tool's files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

/// A database in which the tool applied the first two, and noted it like this.
async fn database(history: &str) -> Database {
    let database = Database::create().await;
    database.run(FIRST).await;
    database.run("CREATE INDEX one_id ON one (id)").await;
    database.run(history).await;
    database
}

/// Takes the history over, and deploys what is pending.
async fn adopt(database: &Database, tool: Tool, files: &Path) -> Vec<(String, bool)> {
    let conn = database.connect_as_administrator().await;
    let adoption = Adoption::plan(&conn, tool, files).await.unwrap();
    let out = tempfile::tempdir().unwrap();
    adoption.carry_out(&conn, out.path()).await.unwrap();
    conn.close().await;
    let migrations = Migration::read_dir(out.path()).unwrap();
    let pending = adoption.migrations.iter().filter(|one| !one.applied).count();
    assert_eq!(database.deploy(&migrations).await.unwrap().applied.len(), pending);
    assert_eq!(database.deploy(&migrations).await.unwrap().applied.len(), 0);
    adoption.migrations.iter().map(|one| (one.id.clone(), one.applied)).collect()
}

async fn refusal(database: &Database, tool: Tool, files: &Path) -> String {
    let conn = database.connect_as_administrator().await;
    let error = Adoption::plan(&conn, tool, files).await.unwrap_err();
    assert!(error.is_migration_file(), "{error:?}");
    conn.close().await;
    told(&error)
}

fn expected(ids: [&str; 3]) -> Vec<(String, bool)> {
    ids.into_iter().zip([true, true, false]).map(|(id, applied)| (id.to_owned(), applied)).collect()
}

const PRISMA: &str = "CREATE TABLE _prisma_migrations (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
    logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0);";

fn prisma() -> tempfile::TempDir {
    folder(&[
        ("20240101000000_init/migration.sql", FIRST),
        ("20240102000000_index/migration.sql", "CREATE INDEX one_id ON one (id);\n"),
        ("20240103000000_three/migration.sql", THIRD),
        ("migration_lock.toml", "provider = \"postgresql\"\n"),
    ])
}

fn prisma_rows(first: &str) -> String {
    // The second was checked out with other line ends, and had failed once before.
    format!(
        "{PRISMA} INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at) VALUES
            ('1', encode(sha256(convert_to(E'{first}', 'UTF8')), 'hex'), now(), '20240101000000_init', NULL),
            ('2', 'ff', NULL, '20240102000000_index', now()),
            ('3', encode(sha256(convert_to(E'CREATE INDEX one_id ON one (id);\\r\\n', 'UTF8')), 'hex'), now(), '20240102000000_index', NULL)"
    )
}

#[tokio::test]
async fn a_history_of_prisma_is_taken_over() {
    let database = database(&prisma_rows("CREATE TABLE one (id int);\\n")).await;
    let adopted = adopt(&database, Tool::Prisma, prisma().path()).await;
    assert_eq!(adopted, expected(["20240101000000_init", "20240102000000_index", "20240103000000_three"]));
    let how = "SELECT string_agg(how, ',' ORDER BY id) FROM waygate.migrations";
    assert_eq!(database.text(how).await, "adopt,adopt,deploy");
    database.drop().await;
}

#[tokio::test]
async fn folders_of_prisma_run_as_they_are() {
    let database = Database::create().await;
    let migrations = Migration::read_dir(prisma().path()).unwrap();
    database.deploy(&migrations).await.unwrap();
    assert_eq!(database.tables().await, "one,three");
    database.drop().await;
}

#[tokio::test]
async fn what_does_not_fit_is_told_and_nothing_is_noted() {
    let edited = database(&prisma_rows("CREATE TABLE other (id int);\\n")).await;
    let before = edited.objects().await;
    let told = refusal(&edited, Tool::Prisma, prisma().path()).await;
    assert!(told.contains("20240101000000_init was edited after it was applied"), "{told}");
    assert_eq!(edited.objects().await, before);
    edited.run("UPDATE _prisma_migrations SET finished_at = NULL WHERE id = '3'").await;
    let told = refusal(&edited, Tool::Prisma, prisma().path()).await;
    assert!(told.contains("20240102000000_index failed half-way"), "{told}");
    edited.run("DELETE FROM _prisma_migrations WHERE id = '1'").await;
    let late = refusal(&edited, Tool::Prisma, folder(&[("20240109000000_x/migration.sql", "SELECT 1;")]).path()).await;
    assert!(late.contains("20240102000000_index failed half-way"), "{late}");
    edited.run("DROP TABLE _prisma_migrations").await;
    let none = refusal(&edited, Tool::Prisma, prisma().path()).await;
    assert!(none.contains("has no table public._prisma_migrations"), "{none}");
    edited.drop().await;
}

#[tokio::test]
async fn a_history_of_sqlx_is_taken_over() {
    let second = format!("-- no-transaction\n{SECOND}");
    let files = folder(&[
        ("20240101000000_init.sql", FIRST),
        ("20240102000000_index.up.sql", &second),
        ("20240102000000_index.down.sql", "DROP INDEX one_id;\n"),
        ("20240103000000_three.sql", THIRD),
    ]);
    let history = "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL,
            installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES
            (20240101000000, 'init', true, sha384(convert_to(E'CREATE TABLE one (id int);\\n', 'UTF8')), 1),
            (20240102000000, 'index', true, sha384(convert_to(E'-- no-transaction\\nCREATE INDEX CONCURRENTLY one_id ON one (id);\\n', 'UTF8')), 1)";
    let database = database(history).await;
    let adopted = adopt(&database, Tool::Sqlx, files.path()).await;
    assert_eq!(adopted, expected(["20240101000000_init", "20240102000000_index", "20240103000000_three"]));
    database.drop().await;
}

#[tokio::test]
async fn a_history_of_refinery_is_taken_over() {
    let files = folder(&[
        ("V1__initial.sql", FIRST),
        ("V2__index.sql", "CREATE INDEX one_id ON one (id);\n"),
        ("V10__three.sql", THIRD),
    ]);
    let history = |first: &str| {
        format!(
            "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255), checksum varchar(255));
             INSERT INTO refinery_schema_history VALUES (1, 'initial', now()::text, '{first}'), (2, 'index', now()::text, '{}')",
            refinery_checksum("index", 2, "CREATE INDEX one_id ON one (id);\n")
        )
    };
    // As the crate `siphasher`, which refinery hashes with, gives it.
    let known = "4460593881421264889";
    assert_eq!(refinery_checksum("initial", 1, FIRST.replace("one", "a").as_str()), known);
    let adopted_from = database(&history(&refinery_checksum("initial", 1, FIRST))).await;
    let adopted = adopt(&adopted_from, Tool::Refinery, files.path()).await;
    assert_eq!(adopted, expected(["00000000000001_initial", "00000000000002_index", "00000000000010_three"]));
    adopted_from.drop().await;
    let edited = database(&history("1")).await;
    let told = refusal(&edited, Tool::Refinery, files.path()).await;
    assert!(told.contains("V1__initial.sql was edited"), "{told}");
    edited.drop().await;
}

/// The hash that refinery keeps: SipHash-1-3 without a key, of name, version and text.
fn refinery_checksum(name: &str, version: i32, sql: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    version.hash(&mut hasher);
    sql.hash(&mut hasher);
    hasher.finish().to_string()
}

#[tokio::test]
async fn a_history_of_diesel_is_taken_over() {
    let files = folder(&[
        ("2024-01-01-000000_init/up.sql", FIRST),
        ("2024-01-01-000000_init/down.sql", "DROP TABLE one;\n"),
        ("2024-01-02-000000_index/up.sql", SECOND),
        ("2024-01-02-000000_index/metadata.toml", "run_in_transaction = false\n"),
        ("2024-01-03-000000_Three-Tables/up.sql", THIRD),
    ]);
    let history = "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
        INSERT INTO __diesel_schema_migrations (version) VALUES ('20240101000000'), ('20240102000000')";
    let database = database(history).await;
    let adopted = adopt(&database, Tool::Diesel, files.path()).await;
    assert_eq!(adopted, expected(["20240101000000_init", "20240102000000_index", "20240103000000_three_tables"]));
    database.drop().await;
}

#[tokio::test]
async fn a_ledger_that_holds_migrations_takes_over_no_other() {
    let database = Database::create().await;
    database.deploy(&[Migration::embedded("20250101000000_one", FIRST, None)]).await.unwrap();
    let told = refusal(&database, Tool::Prisma, prisma().path()).await;
    assert!(told.contains("has a ledger with migrations"), "{told}");
    database.drop().await;
}
