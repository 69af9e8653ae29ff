//! Field mappings: owned through their action, with an optional owner of their own.

use serde_json::json;
use waygate::models::{FieldMapping, MappingDirection};
use waygate_db::{Id, Json, Model, TenantId, TenantScope};

use crate::support::{Outcome, TestDb, action, integration, mapping, same};

async fn an_action(scope: &TenantScope) -> Id<waygate::models::Action> {
    let parent = integration("slack", scope).await.unwrap();
    action(parent.id, "send", scope).await.unwrap().id
}

#[tokio::test]
async fn a_row_with_every_field_reads_back_as_it_was_written() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = an_action(&acme).await;
    let written = FieldMapping::create()
        .action_id(parent)
        .tenant_id(acme.id())
        .source_path("$.message.body")
        .target_path("$.text")
        .transform_config(json!({"trim": true}))
        .direction(MappingDirection::Output)
        .insert(&acme)
        .await
        .unwrap();
    assert_eq!((written.action_id, written.tenant_id), (parent, Some(acme.id())));
    assert_eq!(written.transform_config, Some(Json(json!({"trim": true}))));
    same(&FieldMapping::find(written.id, &acme).await.unwrap().unwrap(), &written);
    let patched = written
        .patch()
        .tenant_id(None)
        .transform_config(None)
        .direction(MappingDirection::Input)
        .save(&acme)
        .await
        .unwrap();
    assert_eq!((patched.tenant_id, patched.transform_config), (None, None));
    assert_eq!(patched.direction, MappingDirection::Input);
    assert!(FieldMapping::delete(written.id).exec(&acme).await.unwrap());
    assert!(FieldMapping::find(written.id, &acme).await.unwrap().is_none());
}

#[tokio::test]
async fn a_default_mapping_is_its_owners_alone() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let row = mapping(an_action(&acme).await, &acme).await.unwrap();
    assert_eq!(row.tenant_id, None);
    assert_eq!(FieldMapping::query().count(&acme).await.unwrap(), 1);
    assert_eq!(FieldMapping::query().count(&other).await.unwrap(), 0, "NULL does not mean shared");
    assert!(FieldMapping::find(row.id, &other).await.unwrap().is_none());
    assert!(!FieldMapping::delete(row.id).exec(&other).await.unwrap());
}

#[tokio::test]
async fn an_override_names_the_owner_or_nobody() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let parent = an_action(&acme).await;
    let create = |owner: Option<TenantId>| {
        FieldMapping::create()
            .action_id(parent)
            .tenant_id(owner)
            .source_path("$")
            .target_path("$")
            .direction(MappingDirection::Input)
    };
    create(None).insert(&acme).await.unwrap();
    let own = create(Some(acme.id())).insert(&acme).await.unwrap();
    let foreign = create(Some(other.id())).insert(&acme).await.refused();
    assert!(foreign.is_foreign_key_violation(), "{foreign}");
    let by_service = create(Some(other.id())).insert(&test.service().for_tenant(acme.id())).await.refused();
    assert!(by_service.is_foreign_key_violation(), "{by_service}");
    assert!(own.patch().tenant_id(other.id()).save(&acme).await.refused().is_foreign_key_violation());
    assert_eq!(FieldMapping::query().filter(|one| one.tenant_id.is_null()).count(&acme).await.unwrap(), 1);
}

#[tokio::test]
async fn anothers_action_is_refused_exactly_like_a_missing_one() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let foreign = an_action(&other).await;
    let into_foreign = mapping(foreign, &acme).await.refused();
    let into_missing = mapping(Id::new(), &acme).await.refused();
    assert!(into_foreign.is_permission_denied(), "row security refuses it: {into_foreign}");
    assert_eq!(format!("{into_foreign:?}"), format!("{into_missing:?}"));
    let row = mapping(an_action(&acme).await, &acme).await.unwrap();
    let to_foreign = row.patch().action_id(foreign).save(&acme).await.refused();
    let to_missing = row.patch().action_id(Id::new()).save(&acme).await.refused();
    assert_eq!(format!("{to_foreign:?}"), format!("{to_missing:?}"));
}

#[tokio::test]
async fn a_handle_of_the_service_for_one_tenant_gives_no_row_to_another() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let foreign = an_action(&other).await;
    // Row security does not bind the service's login: the statement itself has to.
    let for_acme = test.service().for_tenant(acme.id());
    let into_foreign = mapping(foreign, &for_acme).await.refused();
    let into_missing = mapping(Id::new(), &for_acme).await.refused();
    assert!(into_foreign.is_not_found() && into_foreign.to_string().contains("field_mappings.action_id"));
    assert_eq!(format!("{into_foreign:?}"), format!("{into_missing:?}"));
    let own = mapping(an_action(&acme).await, &for_acme).await.unwrap();
    assert!(own.patch().action_id(foreign).save(&for_acme).await.refused().is_not_found());
    assert!(FieldMapping::update(own.id).action_id(foreign).exec(&for_acme).await.refused().is_not_found());
    let second = integration("second", &acme).await.unwrap();
    let second = action(second.id, "send", &acme).await.unwrap();
    let moved = own.patch().action_id(second.id);
    moved.save(&for_acme).await.unwrap();
    assert_eq!(FieldMapping::query().count(&other).await.unwrap(), 0);
}
