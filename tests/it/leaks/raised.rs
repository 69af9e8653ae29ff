//! What triggers and functions say: shown where no row holds a secret, and nowhere else.

use waygate::models::{Integration, IntegrationCredential};
use waygate_db::{Error, Model, Result};

use super::nosy::NOSY;
use crate::support::{Login, MARKER, Outcome, Rows, TestDb};

/// A tenant's rows, under the nosy trigger.
async fn watched() -> (TestDb, Rows) {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    test.rows_of(Login::Owner, NOSY).await;
    (test, rows)
}

/// A credential with these scopes, of which the second is the row's value that must not show.
async fn with_scopes(rows: &Rows, wish: &str) -> Result<IntegrationCredential> {
    rows.credential.patch().scopes([wish, MARKER]).save(&rows.scope).await
}

async fn with_tags(rows: &Rows, wish: &str, value: &str) -> Result<Integration> {
    rows.integration.patch().tags([wish, value]).save(&rows.scope).await
}

#[tokio::test]
async fn on_a_table_with_sealed_columns_no_word_of_a_trigger_is_shown() {
    let (_test, rows) = Box::pin(watched()).await;
    for (wish, code) in
        [("raise", "P0001"), ("raise as check", "23514"), ("assert", "P0004"), ("syntax", "42601"), ("late", "P0001")]
    {
        let error = with_scopes(&rows, wish).await.refused();
        assert_eq!(error.code(), Some(code), "{wish}: {error}");
        assert!(error.message().contains("a trigger or function refused the statement"), "{wish}: {error}");
        assert!(error.advice().is_some(), "{wish}: {error}");
    }
    assert_eq!(with_scopes(&rows, "cast").await.refused().code(), Some("22P02"));
    let error = with_scopes(&rows, "raise").await.refused();
    assert_eq!((error.table(), error.constraint()), (Some("integration_credentials"), Some("nosy")));
    assert!(error.message().starts_with("integration_credentials: ") && error.advice().unwrap().contains("log"));
    assert!(with_scopes(&rows, "raise as check").await.refused().is_check_violation());
}

#[tokio::test]
async fn the_servers_own_words_are_shown_there() {
    let (test, rows) = Box::pin(watched()).await;
    test.rows_of(
        Login::Owner,
        "ALTER TABLE integration_credentials ADD CONSTRAINT few CHECK (cardinality(scopes) < 3) NOT VALID",
    )
    .await;
    let error = rows.credential.patch().scopes(["a", "b", MARKER]).save(&rows.scope).await.refused();
    assert!(error.message().contains("violates check constraint \"few\""), "{error}");
}

#[tokio::test]
async fn on_a_table_without_them_a_trigger_is_quoted() {
    let (_test, rows) = Box::pin(watched()).await;
    for wish in ["raise", "raise as check", "late"] {
        let error = with_tags(&rows, wish, "quota of five").await.refused();
        assert!(error.message().contains("quota of five"), "{wish}: {error}");
    }
    let within = rows.scope.transaction(async |tx| {
        rows.integration.patch().tags(["late", "quota of six"]).save(tx).await?;
        Ok::<_, Error>(())
    });
    assert!(within.await.refused().message().contains("quota of six"));
    with_tags(&rows, "keep", "as it is").await.unwrap();
    let kept = Integration::delete(rows.integration.id).exec(&rows.scope).await.refused();
    assert!(kept.message().contains("as it is"), "the table's own trigger: {kept}");
}

#[tokio::test]
async fn a_delete_that_cascades_shows_no_word_of_the_other_tables_trigger() {
    let (_test, rows) = Box::pin(watched()).await;
    with_scopes(&rows, "keep").await.unwrap();
    let cascaded = Integration::delete(rows.integration.id).exec(&rows.scope).await.refused();
    assert_eq!(cascaded.code(), Some("P0001"));
    assert!(cascaded.message().contains("a trigger or function refused the statement"), "{cascaded}");
}

#[tokio::test]
async fn a_refusal_at_commit_shows_no_word_once_a_sealed_row_was_touched() {
    let (_test, rows) = Box::pin(watched()).await;
    let both = rows.scope.transaction(async |tx| {
        rows.credential.patch().scopes(["late", MARKER]).save(tx).await?;
        rows.integration.patch().tags(["quiet"]).save(tx).await?;
        Ok::<_, Error>(())
    });
    let error = both.await.refused();
    assert_eq!(error.code(), Some("P0001"));
    assert!(error.message().contains("a trigger or function refused the statement"), "{error}");
}
