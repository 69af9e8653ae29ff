//! Diesel.

use waygate_db::migrate::Tool;

use super::{Project, listed};

const TABLE: &str = "CREATE TABLE __diesel_schema_migrations (
    version VARCHAR(50) PRIMARY KEY NOT NULL,
    run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)";
const FILES: [(&str, &str); 6] = [
    ("00000000000000_diesel_initial_setup/up.sql", "SELECT 1;\n"),
    ("00000000000000_diesel_initial_setup/down.sql", "SELECT 2;\n"),
    ("2025-01-02-030405_posts/up.sql", "CREATE TABLE posts (id int, title text);\n"),
    ("2025-01-03-000000-0001_title/up.sql", "CREATE INDEX CONCURRENTLY posts_title ON posts (title);\n"),
    ("2025-01-03-000000-0001_title/metadata.toml", "# as it has to be\nrun_in_transaction = false # yes\n"),
    (".diesel_lock", ""),
];

#[tokio::test]
async fn what_diesel_has_applied_stays_applied_and_its_settings_become_steps() {
    let project = Project::new(Tool::Diesel, &FILES).await;
    let rows = "INSERT INTO __diesel_schema_migrations (version) VALUES ('00000000000000'), ('20250102030405')";
    project.did(&format!("SET ROLE waygate_owner; {} RESET ROLE; {TABLE}; {rows};", FILES[2].1)).await;
    let adopted = project.adopt().await.unwrap();
    assert_eq!(
        listed(&adopted),
        [
            "00000000000000_diesel_initial_setup/up.sql 00000000000000_diesel_initial_setup applied",
            "2025-01-02-030405_posts/up.sql 20250102030405_posts applied",
            "2025-01-03-000000-0001_title/up.sql 20250103000000_title pending",
        ]
    );
    assert_eq!(
        project.text("20250103000000_title"),
        "-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY posts_title ON posts (title);\n"
    );
    assert_eq!(project.deploy().await, ["20250103000000_title"]);
}
