//! Actions: children of integrations, held to their tenant by a composite foreign key.

use serde_json::json;
use waygate::models::{Action, HttpMethod};
use waygate_db::{Id, Json, Model, PgEnum};

use crate::support::{MARKER, Outcome, TestDb, action, integration, same};

#[tokio::test]
async fn a_row_with_every_field_reads_back_as_it_was_written() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let schema = json!({"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]});
    let written = Action::create()
        .integration_id(parent.id)
        .name("Send")
        .slug("send")
        .description("Sends")
        .http_method(HttpMethod::Post)
        .endpoint_template("/users/{id}")
        .input_schema(schema.clone())
        .output_schema(json!({"type": "object"}))
        .pagination_config(json!({"type": "cursor"}))
        .retry_config(Json(json!({"maxRetries": 3})))
        .cacheable(true)
        .cache_ttl_seconds(300)
        .metadata(json!({"a": 1}))
        .insert(&acme)
        .await
        .unwrap();
    assert_eq!((written.tenant_id, written.integration_id), (acme.id(), parent.id));
    assert_eq!(written.input_schema.0, schema);
    assert_eq!(written.pagination_config, Some(Json(json!({"type": "cursor"}))));
    assert_eq!((written.cacheable, written.cache_ttl_seconds), (true, Some(300)));
    same(&Action::find(written.id, &acme).await.unwrap().unwrap(), &written);

    let patched =
        written.patch().retry_config(None).cache_ttl_seconds(None).cacheable(false).save(&acme).await.unwrap();
    assert_eq!((patched.retry_config, patched.cache_ttl_seconds, patched.cacheable), (None, None, false));
    Action::update(written.id).http_method(HttpMethod::Delete).exec(&acme).await.unwrap();
    assert_eq!(Action::find(written.id, &acme).await.unwrap().unwrap().http_method, HttpMethod::Delete);
    assert!(Action::delete(written.id).exec(&acme).await.unwrap());
    assert!(Action::find(written.id, &acme).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_left_out_gets_its_default() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let row = action(parent.id, "send", &acme).await.unwrap();
    assert_eq!([&row.input_schema, &row.output_schema, &row.metadata], [&Json(json!({})); 3]);
    assert_eq!((row.description, row.pagination_config, row.retry_config), (None, None, None));
    assert_eq!((row.cacheable, row.cache_ttl_seconds), (false, None));
    assert_eq!(row.created_at, row.updated_at);
}

#[tokio::test]
async fn json_null_and_no_json_are_two_things() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let row = action(parent.id, "send", &acme).await.unwrap();
    let null = row.patch().retry_config(Json(serde_json::Value::Null)).save(&acme).await.unwrap();
    assert_eq!(null.retry_config, Some(Json(serde_json::Value::Null)));
    assert!(Action::query().filter(|action| action.retry_config.is_not_null()).exists(&acme).await.unwrap());
    assert_eq!(row.patch().retry_config(None).save(&acme).await.unwrap().retry_config, None);
}

#[tokio::test]
async fn every_method_reads_back() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let row = action(parent.id, "send", &acme).await.unwrap();
    for method in <HttpMethod as PgEnum>::ALL {
        assert_eq!(row.patch().http_method(*method).save(&acme).await.unwrap().http_method, *method);
        assert_eq!(method.label(), method.label().to_uppercase());
    }
}

#[tokio::test]
async fn a_slug_is_unique_in_its_integration_and_free_in_others() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let (one, two) = (integration("one", &acme).await.unwrap(), integration("two", &acme).await.unwrap());
    action(one.id, MARKER, &acme).await.unwrap();
    action(two.id, MARKER, &acme).await.unwrap();
    let error = action(one.id, MARKER, &acme).await.refused();
    assert!(error.is_unique_violation());
    assert_eq!(error.constraint(), Some("actions_integration_slug_idx"));
}

#[tokio::test]
async fn anothers_parent_is_refused_exactly_like_a_missing_one() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let own = integration("own", &acme).await.unwrap();
    let foreign = integration("foreign", &other).await.unwrap();
    let into_foreign = action(foreign.id, "send", &acme).await.refused();
    let into_missing = action(Id::new(), "send", &acme).await.refused();
    assert!(into_foreign.is_foreign_key_violation());
    assert_eq!(into_foreign.constraint(), Some("actions_tenant_id_integration_id_fkey"));
    assert_eq!(format!("{into_foreign:?}"), format!("{into_missing:?}"));

    let row = action(own.id, "send", &acme).await.unwrap();
    let to_foreign = row.patch().integration_id(foreign.id).save(&acme).await.refused();
    let to_missing = row.patch().integration_id(Id::new()).save(&acme).await.refused();
    assert!(to_foreign.is_foreign_key_violation());
    assert_eq!(format!("{to_foreign:?}"), format!("{to_missing:?}"));
    same(&Action::find(row.id, &acme).await.unwrap().unwrap(), &row);
}

#[tokio::test]
async fn an_action_moves_between_integrations_of_its_tenant() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let (one, two) = (integration("one", &acme).await.unwrap(), integration("two", &acme).await.unwrap());
    let row = action(one.id, "send", &acme).await.unwrap();
    assert_eq!(row.patch().integration_id(two.id).save(&acme).await.unwrap().integration_id, two.id);
}
