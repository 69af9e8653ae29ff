//! refinery.

use std::hash::{DefaultHasher, Hash, Hasher};

use waygate_db::migrate::Tool;

use super::{Project, listed};

const TABLE: &str = "CREATE TABLE refinery_schema_history(
    version INT4 PRIMARY KEY,
    name VARCHAR(255),
    applied_on VARCHAR(255),
    checksum VARCHAR(255))";
const FILES: [(&str, &str); 4] = [
    ("V1__initial.sql", "CREATE TABLE people (id int);"),
    ("V10__last.sql", "CREATE TABLE last (id int);"),
    ("U2__add_age.sql", "ALTER TABLE people ADD COLUMN age int;\n-- more than eight bytes of words\n"),
    ("mod.rs", "// nothing"),
];

/// The sum as refinery computes it: Rust's own hasher is the same function still.
fn checksum(name: &str, version: i32, sql: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    version.hash(&mut hasher);
    sql.hash(&mut hasher);
    hasher.finish()
}

async fn row(project: &Project, version: i32, name: &str, sql: &str) {
    let sum = checksum(name, version, sql);
    let row =
        format!("INSERT INTO refinery_schema_history VALUES ({version}, '{name}', '2025-01-01T00:00:00Z', '{sum}')");
    project.did(&row).await;
}

#[tokio::test]
async fn what_refinery_has_applied_stays_applied_in_the_order_of_its_numbers() {
    let project = Project::new(Tool::Refinery, &FILES).await;
    project.did(&format!("SET ROLE waygate_owner; {} {} RESET ROLE; {TABLE};", FILES[0].1, FILES[2].1)).await;
    row(&project, 1, "initial", FILES[0].1).await;
    row(&project, 2, "add_age", FILES[2].1).await;
    let adopted = project.adopt().await.unwrap();
    assert_eq!(
        listed(&adopted),
        [
            "V1__initial.sql 00000000000001_initial applied",
            "U2__add_age.sql 00000000000002_add_age applied",
            "V10__last.sql 00000000000010_last pending",
        ]
    );
    assert_eq!(project.deploy().await, ["00000000000010_last"]);
}

#[tokio::test]
async fn an_edited_or_renamed_file_is_refused() {
    for (name, sql) in [("initial", "CREATE TABLE people (id bigint);"), ("first", FILES[0].1)] {
        let project = Project::new(Tool::Refinery, &FILES).await;
        project.did(TABLE).await;
        row(&project, 1, name, sql).await;
        project.refused(&["V1__initial.sql was edited after it was applied"]).await;
    }
}
