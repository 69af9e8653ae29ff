//! Models, history and database, compared.

use waygate_db::catalog::{Catalog, Key, Kind, differences, plan};
use waygate_db::migrate::{
    Comparison, DeployOptions, Drift, Migration, Progress, Shadows, database_to_history, database_to_models, deploy,
    drift, history_to_models, managed, refuse_obstacles,
};
use waygate_db::{Dialect, Environment, Maintenance, schema_sql};

use super::database::told;
use crate::support::database::Database;
use crate::support::waygate_schema::SCHEMA;

fn environment() -> Environment {
    Environment::from_vars(std::env::vars())
}

/// One migration that makes what the models say.
fn history() -> Vec<Migration> {
    let up: &'static str = Box::leak(schema_sql(&SCHEMA, &Dialect::Postgres).into_boxed_str());
    vec![Migration::embedded("20250101000000_initial", up, None)]
}

async fn deployed() -> (Database, Maintenance) {
    let database = Database::empty().await;
    let mut session = database.maintenance().await;
    deploy(&mut session, &history(), DeployOptions::default(), &mut |_: Progress<'_>| {}).await.unwrap();
    (database, session)
}

/// A change by hand, as the owner.
async fn change(database: &Database, sql: &str) {
    database.administrator().await.run(&format!("SET ROLE waygate_owner; {sql}")).await;
}

async fn changed(session: &Maintenance) -> Vec<String> {
    match drift(session).await.unwrap() {
        Drift::Known { differences, .. } => differences.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn lines(comparison: &Comparison) -> Vec<String> {
    comparison.differences.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_deploy_leaves_no_drift_and_changes_by_hand_are_each_told() {
    let (database, session) = deployed().await;
    assert_eq!(changed(&session).await, Vec::<String>::new());
    let changes = [
        ("CREATE INDEX by_hand ON actions (name)", "+ index public.actions.by_hand"),
        ("ALTER TABLE actions ADD COLUMN by_hand int", "+ column public.actions.by_hand"),
        ("CREATE POLICY by_hand ON actions USING (true)", "+ policy public.actions.by_hand"),
        ("GRANT SELECT ON actions TO waygate_login", "~ table public.actions\n    grants: "),
        ("DROP TRIGGER actions_touch_updated_at ON actions", "- trigger public.actions.actions_touch_updated_at"),
        (
            "ALTER TABLE integrations NO FORCE ROW LEVEL SECURITY",
            "~ table public.integrations\n    forced: true → false",
        ),
        ("COMMENT ON TABLE tenants IS 'by hand'", "~ table public.tenants\n    comment: "),
        ("ALTER TYPE auth_type ADD VALUE 'by_hand'", "~ enum public.auth_type\n    labels: "),
    ];
    for (sql, _) in changes {
        change(&database, sql).await;
    }
    let found = changed(&session).await;
    assert_eq!(found.len(), changes.len(), "{found:?}");
    for (_, expected) in changes {
        assert!(found.iter().any(|line| line.contains(expected)), "{expected}: {found:?}");
    }
    session.close().await;
}

#[tokio::test]
async fn without_a_snapshot_nobody_knows_of_drift() {
    let database = Database::empty().await;
    let session = database.maintenance().await;
    assert_eq!(drift(&session).await.unwrap(), Drift::Unknown);
    session.close().await;
}

#[tokio::test]
async fn models_history_and_database_agree_after_a_deploy() {
    let (_database, session) = deployed().await;
    let shadows = Shadows::open(&environment(), &Dialect::Postgres).await.unwrap();
    let dialect = &Dialect::Postgres;
    let all = [
        Box::pin(history_to_models(&shadows, &SCHEMA, dialect, &history())).await.unwrap(),
        database_to_models(&shadows, &SCHEMA, dialect, &session).await.unwrap(),
        database_to_history(&shadows, dialect, &session, &history()).await.unwrap(),
    ];
    for comparison in all {
        assert!(comparison.is_equal() && comparison.unmanaged.is_empty(), "{comparison:?}");
    }
    session.close().await;
}

#[tokio::test]
async fn what_no_model_manages_is_told_and_left_alone() {
    let (database, session) = deployed().await;
    let unmanaged = [
        ("CREATE VIEW by_hand AS SELECT id, name FROM actions", "view public.by_hand"),
        ("CREATE FUNCTION by_hand() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function public.by_hand()"),
        ("CREATE INDEX lower_name ON actions (lower(name))", "index public.actions.lower_name"),
        ("CREATE EXTENSION pg_trgm", "extension pg_trgm"),
        ("CREATE INDEX trgm ON actions USING gin (name gin_trgm_ops)", "index public.actions.trgm"),
        ("ALTER TABLE actions ADD CONSTRAINT named CHECK (name <> '')", "constraint public.actions.named"),
        ("CREATE TABLE foreign_table (id int); CREATE INDEX fi ON foreign_table (id)", "table public.foreign_table"),
        ("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.t (id int)", "schema elsewhere"),
    ];
    for (sql, _) in unmanaged {
        change(&database, sql).await;
    }
    let shadows = Shadows::open(&environment(), &Dialect::Postgres).await.unwrap();
    let found = database_to_models(&shadows, &SCHEMA, &Dialect::Postgres, &session).await.unwrap();
    assert_eq!(lines(&found), Vec::<String>::new());
    let names: Vec<String> = found.unmanaged.iter().map(ToString::to_string).collect();
    for (_, expected) in unmanaged {
        assert!(names.iter().any(|name| name == expected), "{expected}: {names:?}");
    }
    // A part of what is told is not told again.
    assert!(!names.iter().any(|name| name.contains(".fi") || name.contains("foreign_table.id")), "{names:?}");
    session.close().await;
}

#[tokio::test]
async fn what_a_model_could_say_and_does_not_is_a_difference() {
    let (database, session) = deployed().await;
    change(&database, "CREATE INDEX by_hand ON actions (name); CREATE TYPE left_over AS ENUM ('a')").await;
    // A table that was a model's once carries its owner's policy.
    change(
        &database,
        "CREATE TABLE gone (id uuid PRIMARY KEY); CREATE POLICY gone_owner ON gone TO waygate_owner USING (true) WITH CHECK (true)",
    )
    .await;
    let shadows = Shadows::open(&environment(), &Dialect::Postgres).await.unwrap();
    let found = database_to_models(&shadows, &SCHEMA, &Dialect::Postgres, &session).await.unwrap();
    let told = lines(&found).join("\n");
    for expected in
        ["- index public.actions.by_hand", "- enum public.left_over", "- table public.gone", "- column public.gone.id"]
    {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    session.close().await;
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_change_is_named() {
    let (database, session) = deployed().await;
    let before = Catalog::read(&session).await.unwrap();
    change(
        &database,
        "ALTER TABLE actions ADD COLUMN by_hand int; CREATE VIEW in_the_way AS SELECT by_hand FROM actions",
    )
    .await;
    let found = Catalog::read(&session).await.unwrap();
    let two = managed(&SCHEMA, &Dialect::Postgres, &found, &before);
    assert_eq!(differences(&two.found, &two.models).len(), 1);
    let actions = plan(&two.found, &two.models).unwrap();
    let error = refuse_obstacles(&found, &two.unmanaged, &actions).unwrap_err();
    assert!(error.is_plan());
    let text = told(&error);
    assert!(text.contains("column public.actions.by_hand cannot change: view public.in_the_way"), "{text}");
    session.close().await;
}

#[tokio::test]
async fn throw_away_databases_are_dropped_and_those_of_the_killed_are_swept() {
    let environment = environment();
    let shadows = Shadows::open(&environment, &Dialect::Postgres).await.unwrap();
    let shadow = shadows.models(&SCHEMA).await.unwrap();
    let key = Key::new(Kind::Table, ["public", "tenants"]);
    assert!(shadow.catalog().await.unwrap().contains(&key));
    shadow.drop().await.unwrap();
    let database = Database::empty().await;
    let administrator = database.administrator().await;
    administrator.run("CREATE DATABASE waygate_shadow_1_left_over").await;
    let url = database.admin_url();
    let there = Environment::from_vars([("WAYGATE_SHADOW_URL", url.expose())]);
    drop(Shadows::open(&there, &Dialect::Postgres).await.unwrap());
    let left = "SELECT count(*) FROM pg_database WHERE datname = 'waygate_shadow_1_left_over'";
    assert_eq!(administrator.value(left).await, "0");
}

#[tokio::test]
async fn a_login_that_may_make_no_databases_is_told_what_to_do() {
    let database = Database::empty().await;
    let url = database.admin_url().with_user("waygate_migrator").unwrap();
    let there = Environment::from_vars([("WAYGATE_SHADOW_URL", url.expose())]);
    let error = Shadows::open(&there, &Dialect::Postgres).await.unwrap_err();
    assert!(error.is_config());
    let text = told(&error);
    assert!(text.contains("WAYGATE_SHADOW_URL may not create databases") && text.contains("CREATEDB"), "{text}");
}
