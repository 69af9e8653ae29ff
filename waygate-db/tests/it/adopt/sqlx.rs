//! sqlx.

use waygate_db::migrate::{Adoption, Tool, adopt};

use super::{Project, listed};

const TABLE: &str = "CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
)";
const FIRST: &str = "CREATE TABLE notes (id bigint PRIMARY KEY, text text);\n";
const INDEX: &str = "-- no-transaction\nCREATE INDEX CONCURRENTLY notes_text ON notes (text);\n";
const FILES: [(&str, &str); 5] = [
    ("20250101000000_notes.up.sql", FIRST),
    ("20250101000000_notes.down.sql", "DROP TABLE notes;\n"),
    ("20250102000000_Notes by-text.sql", INDEX),
    ("README.md", "what these are"),
    ("schema.sql", "no migration"),
];

async fn row(project: &Project, version: i64, text: &str, success: bool) {
    let sql = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES ({version}, 'notes', {success}, sha384(convert_to($text${text}$text$, 'UTF8')), 12345)"
    );
    project.did(&sql).await;
}

#[tokio::test]
async fn what_sqlx_has_applied_stays_applied_and_the_rest_runs_as_it_has_to() {
    let project = Project::new(Tool::Sqlx, &FILES).await;
    project.did(&format!("SET ROLE waygate_owner; {FIRST} RESET ROLE; {TABLE};")).await;
    row(&project, 20_250_101_000_000, FIRST, true).await;
    let adopted = project.adopt().await.unwrap();
    assert_eq!(
        listed(&adopted),
        [
            "20250101000000_notes.up.sql 20250101000000_notes applied",
            "20250102000000_Notes by-text.sql 20250102000000_notes_by_text pending",
        ]
    );
    let down = project.new_folder().join("20250101000000_notes/down.sql");
    assert_eq!(std::fs::read_to_string(down).unwrap(), FILES[1].1);
    assert_eq!(
        project.text("20250102000000_notes_by_text"),
        "-- no-transaction\n-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY notes_text ON notes (text);\n"
    );
    assert_eq!(project.deploy().await, ["20250102000000_notes_by_text"]);
}

#[tokio::test]
async fn each_statement_outside_of_a_transaction_is_a_step() {
    let text = "-- no-transaction\nCREATE TABLE a (id int); CREATE TABLE b (id int);\n\n-- last\nSELECT 1";
    let project = Project::new(Tool::Sqlx, &[("0_first.sql", "SELECT 0;"), ("1_two.sql", text)]).await;
    project.did(TABLE).await;
    row(&project, 0, "SELECT 0;", true).await;
    project.adopt().await.unwrap();
    assert_eq!(
        project.text("00000000000001_two"),
        "-- no-transaction\n-- waygate:step autocommit\nCREATE TABLE a (id int); \n-- waygate:step autocommit\n\
         CREATE TABLE b (id int);\n\n-- last\n-- waygate:step autocommit\nSELECT 1"
    );
    assert_eq!(project.deploy().await, ["00000000000001_two"]);
}

#[tokio::test]
async fn a_migration_that_failed_half_way_is_refused() {
    let project = Project::new(Tool::Sqlx, &FILES).await;
    project.did(TABLE).await;
    row(&project, 20_250_101_000_000, FIRST, true).await;
    row(&project, 20_250_102_000_000, INDEX, false).await;
    project.refused(&["20250102000000 failed half-way", "Nothing was changed", "put it right with the tool"]).await;
}

#[tokio::test]
async fn a_file_that_was_edited_after_it_was_applied_is_refused() {
    let project = Project::new(Tool::Sqlx, &FILES).await;
    project.did(TABLE).await;
    row(&project, 20_250_101_000_000, "CREATE TABLE notes (id bigint);\n", true).await;
    project.refused(&["20250101000000_notes.up.sql was edited after it was applied"]).await;
}

#[tokio::test]
async fn a_history_whose_rows_the_login_may_not_all_see_is_refused() {
    let project = Project::new(Tool::Sqlx, &FILES).await;
    project.did(&format!("{TABLE}; ALTER TABLE _sqlx_migrations ENABLE ROW LEVEL SECURITY; GRANT SELECT ON _sqlx_migrations TO waygate_owner"))
        .await;
    row(&project, 20_250_101_000_000, FIRST, true).await;
    let (from, to) = (project.old(), project.new_folder());
    let mut session = project.database.migrator().await;
    let adoption = Adoption { tool: Tool::Sqlx, from: &from, to: &to, dry_run: false };
    let error = adopt(adoption, Some(&mut session)).await.unwrap_err();
    assert!(error.is_permission_denied() && error.to_string().contains("row-level security"), "{error}");
    session.close().await;
}

#[tokio::test]
async fn a_tool_that_has_applied_nothing_yet_is_told_to_take_its_table_away() {
    let project = Project::new(Tool::Sqlx, &FILES).await;
    project.did(TABLE).await;
    let adopted = project.adopt().await.unwrap();
    assert!(adopted.warnings.iter().any(|one| one.contains("drop public._sqlx_migrations")), "{:?}", adopted.warnings);
    project.did("DROP TABLE _sqlx_migrations").await;
    assert_eq!(project.deploy().await.len(), 2);
}
