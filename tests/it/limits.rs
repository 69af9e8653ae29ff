//! What is too much for the protocol, the reader or the stack is refused before it is sent.

use serde_json::{Value, json};
use waygate::models::Integration;
use waygate_db::{Config, Db, Model, Predicate};

use crate::support::{Outcome, Rows, TestDb};

/// JSON of so many arrays inside one another.
fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn json_that_could_never_be_read_again_is_not_written() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let deepest = Integration::update(acme.integration.id).metadata(nested(127));
    deepest.exec(&acme.scope).await.unwrap();
    assert_eq!(Integration::find(acme.integration.id, &acme.scope).await.unwrap().unwrap().metadata.0, nested(127));
    let deeper = Integration::update(acme.integration.id).metadata(nested(128)).exec(&acme.scope).await.refused();
    assert!(deeper.is_encode(), "{deeper}");
    // Brackets in a text nest nothing.
    let text = json!({"text": "[".repeat(500) + "\\\"{"});
    Integration::update(acme.integration.id).metadata(text).exec(&acme.scope).await.unwrap();
}

#[tokio::test]
async fn a_condition_of_many_parts_is_no_deep_tree() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let any_of = |count: usize| {
        Integration::query().filter(|one| {
            let first: Predicate<Integration> = one.slug.eq("none");
            (0..count).fold(first, |sum, number| sum | one.slug.eq(format!("slug-{number}")))
                | one.id.eq(acme.integration.id)
        })
    };
    assert_eq!(any_of(20_000).count(&acme.scope).await.unwrap(), 1);
    let error = any_of(70_000).count(&acme.scope).await.refused();
    assert!(error.is_invalid_query(), "{error}");
    assert_eq!(Integration::query().count(&acme.scope).await.unwrap(), 1, "the connection is as good as before");
}

#[tokio::test]
async fn the_services_login_is_no_wall_between_tenants() {
    let test = TestDb::new().await;
    let error = Db::connect(Config::new(test.urls().service.clone())).await.refused();
    assert!(error.is_unsafe_login(), "{error}");
}
