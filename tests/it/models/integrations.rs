//! Integrations: every kind of plain column.

use serde_json::json;
use waygate::models::{AuthType, Integration, IntegrationStatus};
use waygate_db::{Id, Json, Model, PgEnum};

use crate::support::{MARKER, Outcome, TestDb, integration, same};

#[tokio::test]
async fn a_row_with_every_field_reads_back_as_it_was_written() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let id = Id::new();
    let written = Integration::create()
        .id(id)
        .name("Größe \u{1f980} 'quoted' \"double\" \\ back")
        .slug("slack")
        .description("line one\nline two\ttab")
        .documentation_url("https://example.org/?a=1&b=%20")
        .auth_type(AuthType::CustomHeader)
        .auth_config(json!({"nested": {"list": [1, 2.5, null, true, "x"]}, "größe": "\u{1f980}"}))
        .status(IntegrationStatus::Error)
        .tags(["a", "", "with, comma", "with \"quote\"", "NULL", "{brace}", "größe"])
        .metadata(json!([1, {"deep": []}]))
        .insert(&acme)
        .await
        .unwrap();
    assert_eq!((written.id, written.tenant_id), (id, acme.id()));
    assert_eq!(written.name, "Größe \u{1f980} 'quoted' \"double\" \\ back");
    assert_eq!(written.description.as_deref(), Some("line one\nline two\ttab"));
    assert_eq!((written.auth_type, written.status), (AuthType::CustomHeader, IntegrationStatus::Error));
    assert_eq!(written.auth_config.0["nested"]["list"], json!([1, 2.5, null, true, "x"]));
    assert_eq!(written.tags, ["a", "", "with, comma", "with \"quote\"", "NULL", "{brace}", "größe"]);
    assert_eq!(written.metadata, Json(json!([1, {"deep": []}])));
    same(&Integration::find(id, &acme).await.unwrap().unwrap(), &written);
    same(&Integration::query().one(&acme).await.unwrap(), &written);
}

#[tokio::test]
async fn what_is_left_out_gets_its_default() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let row = integration("slack", &acme).await.unwrap();
    assert_eq!(row.tenant_id, acme.id());
    assert_eq!(row.status, IntegrationStatus::Draft);
    assert_eq!((row.auth_config, row.metadata), (Json(json!({})), Json(json!({}))));
    assert!(row.tags.is_empty());
    assert_eq!((row.description, row.documentation_url), (None, None));
    assert_eq!(row.created_at, row.updated_at);
    let age = chrono::Utc::now() - row.created_at;
    assert!(age.num_minutes().abs() < 5, "{age}");
}

#[tokio::test]
async fn ids_are_made_here_and_sort_by_time() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let one = integration("one", &acme).await.unwrap();
    let two = integration("two", &acme).await.unwrap();
    assert_eq!(one.id.as_uuid().get_version_num(), 7);
    assert!(one.id < two.id);
}

#[tokio::test]
async fn update_changes_what_is_named_and_nothing_else() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let before = integration("slack", &acme).await.unwrap();
    let bystander = integration("other", &acme).await.unwrap();
    Integration::update(before.id)
        .status(IntegrationStatus::Active)
        .description("now described")
        .tags(["one", "two"])
        .exec(&acme)
        .await
        .unwrap();
    let after = Integration::find(before.id, &acme).await.unwrap().unwrap();
    assert_eq!(after.status, IntegrationStatus::Active);
    assert_eq!(after.description.as_deref(), Some("now described"));
    assert_eq!(after.tags, ["one", "two"]);
    assert_eq!((&after.name, &after.slug, after.created_at), (&before.name, &before.slug, before.created_at));
    assert!(after.updated_at > before.updated_at);
    same(&Integration::find(bystander.id, &acme).await.unwrap().unwrap(), &bystander);
}

#[tokio::test]
async fn patch_returns_the_row_as_the_database_has_it() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let row = integration("slack", &acme).await.unwrap();
    Integration::update(row.id).name("changed behind its back").exec(&acme).await.unwrap();
    let patched = row.patch().description("d").save(&acme).await.unwrap();
    assert_eq!(patched.name, "changed behind its back", "a patch writes only what it names");
    same(&Integration::find(row.id, &acme).await.unwrap().unwrap(), &patched);
}

#[tokio::test]
async fn an_option_is_set_and_taken_back() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let row = integration("slack", &acme).await.unwrap();
    let set = row.patch().description("text").documentation_url(Some("url".to_owned())).save(&acme).await.unwrap();
    assert_eq!((set.description.as_deref(), set.documentation_url.as_deref()), (Some("text"), Some("url")));
    let cleared = set.patch().description(None).save(&acme).await.unwrap();
    assert_eq!((cleared.description, cleared.documentation_url.as_deref()), (None, Some("url")));
    let empty = set.patch().description("").save(&acme).await.unwrap();
    assert_eq!(empty.description.as_deref(), Some(""), "an empty text is not NULL");
}

#[tokio::test]
async fn an_update_without_values_checks_that_the_row_is_there() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let row = integration("slack", &acme).await.unwrap();
    Integration::update(row.id).exec(&acme).await.unwrap();
    same(&row.patch().save(&acme).await.unwrap(), &row);
    assert!(Integration::update(Id::new()).exec(&acme).await.refused().is_not_found());
}

#[tokio::test]
async fn delete_says_whether_the_row_was_there() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let row = integration("slack", &acme).await.unwrap();
    assert!(Integration::delete(row.id).exec(&acme).await.unwrap());
    assert!(!Integration::delete(row.id).exec(&acme).await.unwrap());
    assert!(Integration::find(row.id, &acme).await.unwrap().is_none());
}

#[tokio::test]
async fn a_slug_is_unique_in_its_tenant_and_free_in_others() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    integration(MARKER, &acme).await.unwrap();
    integration(MARKER, &other).await.unwrap();
    let error = integration(MARKER, &acme).await.refused();
    assert!(error.is_unique_violation());
    assert_eq!(error.constraint(), Some("integrations_tenant_slug_idx"));
    assert_eq!(error.code(), Some("23505"));
    assert_eq!(test.count("integrations").await, 2);
    let second = integration("free", &acme).await.unwrap();
    assert!(second.patch().slug(MARKER).save(&acme).await.refused().is_unique_violation());
}

#[tokio::test]
async fn insert_if_absent_yields_to_the_row_that_is_there() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let create = |name: &str| Integration::create().name(name).slug("slack").auth_type(AuthType::Basic);
    let first = create("first").insert_if_absent(&acme).await.unwrap().unwrap();
    assert!(create("second").insert_if_absent(&acme).await.unwrap().is_none(), "the slug is taken");
    let same_key = Integration::create().id(first.id).name("third").slug("new").auth_type(AuthType::Basic);
    assert!(same_key.insert_if_absent(&acme).await.unwrap().is_none(), "the key is taken");
    same(&Integration::query().one(&acme).await.unwrap(), &first);
}

#[tokio::test]
async fn every_label_of_every_enum_reads_back() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    for auth_type in <AuthType as PgEnum>::ALL {
        for status in <IntegrationStatus as PgEnum>::ALL {
            let row = Integration::create()
                .name("I")
                .slug(format!("{}-{}", auth_type.label(), status.label()))
                .auth_type(*auth_type)
                .status(*status)
                .insert(&acme)
                .await
                .unwrap();
            assert_eq!((row.auth_type, row.status), (*auth_type, *status));
        }
    }
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 20);
}
