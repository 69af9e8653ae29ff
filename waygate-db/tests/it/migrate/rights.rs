//! Missing rights are found before the first statement runs.

use waygate_db::migrate::Migration;

use super::database::{Database, three, told};

#[tokio::test]
async fn a_table_of_another_role_is_named_with_the_statement_that_hands_it_over() {
    let database = Database::create().await;
    let files = three("CREATE TABLE three (id int);");
    database.deploy(&files[..2]).await.unwrap();
    database.run("ALTER TABLE one OWNER TO postgres; CREATE TYPE mood AS ENUM ('ok')").await;
    let mut files = three("CREATE TABLE three (id int);\nALTER TABLE ONLY public.one ADD COLUMN name text;");
    files.push(Migration::embedded(
        "20250104000000_four",
        "ALTER TYPE mood ADD VALUE 'bad';\n-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY one_id_idx ON one (id);",
        None,
    ));
    let error = database.deploy(&files).await.unwrap_err();
    assert!(error.is_permission_denied(), "{error:?}");
    let text = told(&error);
    assert!(text.contains("waygate_owner does not own table one, does not own type mood"), "{text}");
    assert!(text.contains("ALTER TABLE one OWNER TO waygate_owner; ALTER TYPE mood OWNER TO waygate_owner"), "{text}");
    assert_eq!(database.tables().await, "one,two", "the step before it did not run either");
    database.run("ALTER TABLE one OWNER TO waygate_owner; ALTER TYPE mood OWNER TO waygate_owner").await;
    database.deploy(&files).await.unwrap();
    database.drop().await;
}

#[tokio::test]
async fn a_schema_without_the_right_to_create_is_named_with_the_grant() {
    let database = Database::create().await;
    database.run("CREATE SCHEMA closed AUTHORIZATION postgres; GRANT USAGE ON SCHEMA closed TO waygate_owner").await;
    let files = three("CREATE TABLE IF NOT EXISTS closed.three (id int);");
    let before = database.objects().await;
    let error = database.deploy(&files).await.unwrap_err();
    assert!(error.is_permission_denied(), "{error:?}");
    assert!(told(&error).contains("GRANT CREATE ON SCHEMA closed TO waygate_owner"), "{error}");
    assert_eq!(database.objects().await, before);
    database.run("GRANT CREATE ON SCHEMA closed TO waygate_owner").await;
    database.deploy(&files).await.unwrap();
    database.drop().await;
}

#[tokio::test]
async fn a_database_without_the_right_to_create_is_named_with_the_grant() {
    let database = Database::create().await;
    let name = database.text("SELECT current_database()").await;
    database
        .run(&format!(
            "DROP SCHEMA IF EXISTS waygate CASCADE; GRANT CREATE ON SCHEMA public TO waygate_owner;
             ALTER DATABASE {name} OWNER TO postgres; REVOKE ALL ON DATABASE {name} FROM waygate_owner"
        ))
        .await;
    let error = database.deploy(&three("SELECT 1")).await.unwrap_err();
    assert!(error.is_permission_denied(), "{error:?}");
    let text = told(&error);
    assert!(text.contains(&format!("GRANT CREATE ON DATABASE {name} TO waygate_owner")), "{text}");
    assert!(text.contains("waygate setup"), "{text}");
    database.drop().await;
}
