//! The text of what is written, and what it does to a database in which two tenants have rows.

use std::path::Path;

use waygate::models::SCHEMA;
use waygate_db::catalog::{Catalog, differences};
use waygate_db::migrate::proposal::{Decisions, Ground, Outcome, Proposal, propose};
use waygate_db::migrate::{DeployOptions, Migration, Shadows, deploy, without_ledger};
use waygate_db::{Dialect, Environment, Maintenance, Schema, schema_sql};

use super::models;
use super::rows::ROWS;
use crate::support::{EmptyDb, Login};

/// The history of all tests here: the models as they are.
pub(super) fn history() -> Vec<Migration> {
    let up = schema_sql(&SCHEMA, &Dialect::Postgres).leak();
    vec![Migration::embedded("20261101000000_initial", up, None)]
}

pub(super) fn named(name: &str) -> Decisions {
    Decisions { name: name.to_owned(), ..Decisions::default() }
}

/// What becomes of the wish for a migration to these models, beside a database with rows.
pub(super) async fn wished(
    schema: &'static Schema,
    decisions: &Decisions,
    development: Option<&Maintenance>,
    database: &EmptyDb,
) -> Outcome {
    wished_after(&history(), schema, decisions, development, database).await
}

/// The same after this history.
async fn wished_after(
    history: &[Migration],
    schema: &'static Schema,
    decisions: &Decisions,
    development: Option<&Maintenance>,
    database: &EmptyDb,
) -> Outcome {
    // On the tests' own server: another one would be started else.
    let server = Environment::from_vars([("DATABASE_URL", database.scratch.urls().admin.expose())]);
    let shadows = Shadows::open(&server, &Dialect::Postgres).await.unwrap();
    let ground = Ground { schema, dialect: &Dialect::Postgres, migrations: history, shadows: &shadows, development };
    propose(ground, decisions).await.unwrap()
}

/// A database with the history and the rows of two tenants.
pub(super) async fn with_rows() -> (EmptyDb, Maintenance) {
    let database = EmptyDb::new().await;
    database.scratch.deploy(&history()).await.unwrap();
    database.sql(Login::Owner, ROWS).await.unwrap();
    let session = Maintenance::connect(&database.scratch.urls().migrator.to_config()).await.unwrap();
    (database, session)
}

/// Compares the files with the reviewed ones. `BLESS=1 cargo test` writes them anew.
#[track_caller]
fn reviewed(proposal: &Proposal) {
    let name = proposal.migration.name();
    let files = [("sql", Some(proposal.migration.up())), ("down.sql", proposal.migration.down())];
    for (ending, text) in files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/drafts/{name}.{ending}"));
        let text = text.map(std::borrow::Cow::into_owned);
        if std::env::var_os("BLESS").is_some() {
            match &text {
                Some(text) => std::fs::write(&path, text).unwrap(),
                None => std::fs::remove_file(&path).unwrap_or_default(),
            }
        }
        assert_eq!(text, std::fs::read_to_string(&path).ok(), "{}", path.display());
    }
}

/// Proposes, compares the text with the reviewed one, deploys it over the rows of two tenants, compares the catalog with
/// that of the models, and returns the database.
async fn migrated(schema: &'static Schema, decisions: Decisions) -> EmptyDb {
    Box::pin(migrated_by(schema, decisions)).await
}

async fn migrated_by(schema: &'static Schema, decisions: Decisions) -> EmptyDb {
    let (database, mut session) = with_rows().await;
    let proposal = match wished(schema, &decisions, Some(&session), &database).await {
        Outcome::Proposed(proposal) => proposal,
        outcome => panic!("{outcome:?}"),
    };
    reviewed(&proposal);
    let mut files = history();
    files.push(proposal.migration.clone());
    Box::pin(deploy(&mut session, &files, DeployOptions::default(), &mut |_| {})).await.unwrap();
    let fresh = EmptyDb::new().await;
    fresh.sql(Login::Owner, &schema_sql(schema, &Dialect::Postgres)).await.unwrap();
    let models = Maintenance::connect(&fresh.scratch.urls().migrator.to_config()).await.unwrap();
    let [made, wanted] =
        [Catalog::read(&session).await.unwrap(), Catalog::read(&models).await.unwrap()].map(without_ledger);
    assert_eq!(differences(&made, &wanted), []);
    database
}

async fn value(database: &EmptyDb, sql: &str) -> String {
    let rows = database.sql(Login::Owner, sql).await.unwrap();
    rows[0][0].clone().unwrap_or_default()
}

#[tokio::test]
async fn new_fields_come_without_touching_a_row() {
    let database = migrated(&models::A_FIELD, named("add a field")).await;
    let sql = "SELECT count(*) || ' ' || count(region) || ' ' || sum(rate_limit) FROM integrations";
    assert_eq!(value(&database, sql).await, "6 0 360");
}

#[tokio::test]
async fn an_index_is_built_concurrently() {
    migrated(&models::AN_INDEX, named("add an index")).await;
}

#[tokio::test]
async fn a_unique_index_looks_for_twins() {
    migrated(&models::A_UNIQUE, named("add a unique")).await;
}

#[tokio::test]
async fn a_label_comes_to_its_place() {
    let database = migrated(&models::A_LABEL, named("add a label")).await;
    assert_eq!(
        value(&database, "SELECT enum_range(NULL::integration_status)").await,
        "{draft,active,paused,error,disabled}"
    );
}

#[tokio::test]
async fn a_new_model_comes_closed_and_in_one_transaction() {
    migrated(&models::A_MODEL, named("add a model")).await;
}

#[tokio::test]
async fn a_searchable_secret_comes_with_its_index() {
    migrated(&models::A_SEARCHABLE_SECRET, named("add a searchable secret")).await;
}

#[tokio::test]
async fn a_renamed_field_keeps_its_values() {
    let database = migrated(&models::A_RENAMED_FIELD, named("rename a field")).await;
    assert_eq!(value(&database, "SELECT count(DISTINCT asked->>'n') FROM request_logs").await, "6");
}

#[tokio::test]
async fn a_rename_that_was_done_is_no_change_and_its_declaration_can_go() {
    let database = EmptyDb::new().await;
    let outcome = wished(&models::A_RENAMED_FIELD, &named("rename"), None, &database).await;
    let Outcome::Proposed(proposal) = outcome else { panic!("{outcome:?}") };
    let mut files = history();
    files.push(proposal.migration.clone());
    let again = wished_after(&files, &models::A_RENAMED_FIELD, &named("again"), None, &database).await;
    let Outcome::Nothing { hints, .. } = again else { panic!("{again:?}") };
    assert_eq!(
        hints,
        [
            "request_logs.asked has its new name in the history: renamed_from = \"request_summary\" can go once this is deployed everywhere"
        ]
    );
}

#[tokio::test]
async fn a_renamed_model_keeps_its_rows_and_its_parts_follow() {
    let database = migrated(&models::A_RENAMED_MODEL, named("rename a model")).await;
    assert_eq!(value(&database, "SELECT count(DISTINCT tenant_id) || ' ' || count(*) FROM mappings").await, "2 6");
}

#[tokio::test]
async fn a_renamed_label_keeps_its_rows() {
    let database = migrated(&models::A_RENAMED_LABEL, named("rename a label")).await;
    let sql = "SELECT string_agg(direction::text, ' ' ORDER BY id) FROM field_mappings";
    assert_eq!(value(&database, sql).await, "outbound outbound outbound output output output");
}

#[tokio::test]
async fn a_rename_by_flag_is_one_too() {
    let renames = vec![("request_logs.latency_ms".to_owned(), "request_logs.took_ms".to_owned())];
    let decisions = Decisions { renames, ..named("rename by a flag") };
    let database = migrated(&models::AN_UNDECLARED_RENAME, decisions).await;
    assert_eq!(value(&database, "SELECT sum(took_ms) FROM request_logs").await, "81");
}

#[tokio::test]
async fn a_required_field_is_filled_for_every_tenant() {
    let fillings = vec![("integrations.label".to_owned(), "lower(name)".to_owned())];
    let database = migrated(&models::A_REQUIRED_FIELD, Decisions { fillings, ..named("add a required field") }).await;
    let sql = "SELECT count(DISTINCT tenant_id) || ' ' || string_agg(label, ', ' ORDER BY id) FROM integrations";
    let labels: Vec<String> = (1..=6).map(|n| format!("integration {n}")).collect();
    assert_eq!(value(&database, sql).await, format!("2 {}", labels.join(", ")));
}

#[tokio::test]
async fn a_volatile_default_gives_each_row_a_value_of_its_own() {
    let database = migrated(&models::A_VOLATILE_DEFAULT, named("add a token")).await;
    assert_eq!(value(&database, "SELECT count(DISTINCT token) FROM integrations").await, "6");
}

#[tokio::test]
async fn a_model_says_what_fills_a_field() {
    let database = migrated(&models::A_FILLED_FIELD, named("add a filled field")).await;
    let sql = "SELECT string_agg(label, ' ' ORDER BY id) FROM integrations";
    assert_eq!(value(&database, sql).await, "SLUG-1 SLUG-2 SLUG-3 SLUG-4 SLUG-5 SLUG-6");
}

#[tokio::test]
async fn a_model_says_how_values_become_a_new_type() {
    let database = migrated(&models::A_CONVERSION, named("convert a type")).await;
    let sql = "SELECT string_agg(request_summary, ' ' ORDER BY id) FROM request_logs";
    assert_eq!(value(&database, sql).await, "01 02 03 04 05 06");
}

#[tokio::test]
async fn a_field_is_required_from_now_on_and_its_index_comes_after_its_values() {
    let database = migrated(&models::A_REQUIREMENT, named("require a field")).await;
    assert_eq!(value(&database, "SELECT sum(status_code) FROM request_logs").await, "3594");
}

#[tokio::test]
async fn a_label_goes_where_no_row_holds_it() {
    let accepted = vec!["integration_status.error".to_owned()];
    let decisions = Decisions { accepted, ..named("remove a label") };
    let database = migrated(&models::A_LABEL_LESS, decisions).await;
    assert_eq!(value(&database, "SELECT enum_range(NULL::integration_status)").await, "{draft,active,disabled}");
}

#[tokio::test]
async fn a_bigger_type_keeps_the_values() {
    let database = migrated(&models::A_TYPE, named("change a type")).await;
    assert_eq!(value(&database, "SELECT sum(latency_ms) FROM request_logs").await, "81");
}

#[tokio::test]
async fn a_dropped_field_needs_consent_and_goes_last() {
    let accepted = vec!["request_logs.retry_count".to_owned()];
    migrated(&models::A_DROPPED_FIELD, Decisions { accepted, ..named("drop a field") }).await;
}

#[tokio::test]
async fn a_smaller_type_needs_consent_and_looks_at_the_values() {
    let accepted = vec!["request_logs.status_code".to_owned()];
    migrated(&models::A_SMALLER_TYPE, Decisions { accepted, ..named("shrink a type") }).await;
}

#[tokio::test]
async fn the_same_models_ask_for_nothing() {
    let database = EmptyDb::new().await;
    let outcome = wished(&SCHEMA, &named("nothing"), None, &database).await;
    assert!(matches!(outcome, Outcome::Nothing { .. }), "{outcome:?}");
}

#[tokio::test]
async fn short_forms_are_one_transaction() {
    let database = EmptyDb::new().await;
    let decisions = Decisions { plain: true, ..named("add an index in short") };
    let Outcome::Proposed(proposal) = wished(&models::AN_INDEX, &decisions, None, &database).await else { panic!() };
    assert!(!proposal.migration.up().contains("waygate:step"), "{}", proposal.migration.up());
}
