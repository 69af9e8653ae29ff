//! Every condition on every kind of column.

use chrono::{TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;
use waygate::models::{Action, FieldMapping, Integration, IntegrationStatus, RequestLog};
use waygate_db::{Id, Model};

use super::{library, slugs};
use crate::support::{Rows, TestDb};

#[tokio::test]
async fn comparisons_work_on_texts() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    assert_eq!(slugs(&acme, |one| one.slug.eq("slack")).await, ["slack"]);
    assert_eq!(slugs(&acme, |one| one.slug.eq("SLACK")).await, [""; 0]);
    assert_eq!(slugs(&acme, |one| one.slug.ne("slack")).await, ["github", "odd", "size", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.slug.lt("odd")).await, ["github"]);
    assert_eq!(slugs(&acme, |one| one.slug.le("odd")).await, ["github", "odd"]);
    assert_eq!(slugs(&acme, |one| one.slug.gt("size")).await, ["slack", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.slug.ge("size")).await, ["size", "slack", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.slug.in_(["odd", "size", "nowhere"])).await, ["odd", "size"]);
    assert_eq!(slugs(&acme, |one| one.slug.in_(Vec::<String>::new())).await, [""; 0]);
}

#[tokio::test]
async fn a_text_that_looks_like_sql_is_a_text() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    for text in ["' OR '1'='1", "'; DROP TABLE integrations; --", "$1", "slack'--", "\\"] {
        assert_eq!(slugs(&acme, |one| one.slug.eq(text)).await, [""; 0], "{text}");
    }
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 5);
}

#[tokio::test]
async fn patterns_match_and_escaped_texts_match_literally() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    assert_eq!(slugs(&acme, |one| one.name.like("Slack%")).await, ["slack", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.name.like("slack%")).await, [""; 0]);
    assert_eq!(slugs(&acme, |one| one.name.ilike("SLACK _")).await, ["slack-2"]);
    assert_eq!(slugs(&acme, |one| one.name.ilike_contains("HUB")).await, ["github"]);
    assert_eq!(slugs(&acme, |one| one.name.ilike_contains("%")).await, ["odd"]);
    assert_eq!(slugs(&acme, |one| one.name.ilike_contains("_")).await, ["odd"]);
    assert_eq!(slugs(&acme, |one| one.name.ilike_contains("\\")).await, ["odd"]);
    assert_eq!(slugs(&acme, |one| one.name.starts_with("100%")).await, ["odd"]);
    assert_eq!(slugs(&acme, |one| one.name.starts_with("1_0")).await, [""; 0]);
    assert_eq!(slugs(&acme, |one| one.name.ilike_contains("")).await.len(), 5);
    assert_eq!(slugs(&acme, |one| one.description.ilike_contains("CHAT")).await, ["slack"]);
    assert_eq!(slugs(&acme, |one| one.slug.starts_with("slack")).await, ["slack", "slack-2"]);
}

#[tokio::test]
async fn a_nullable_column_has_its_own_logic() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    assert_eq!(slugs(&acme, |one| one.description.eq("chat")).await, ["slack"]);
    assert_eq!(slugs(&acme, |one| one.description.ne("chat")).await, ["github", "odd", "size", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.description.is_null()).await, ["odd", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.description.is_not_null()).await, ["github", "size", "slack"]);
    assert_eq!(slugs(&acme, |one| one.description.eq("")).await, ["size"]);
    assert_eq!(slugs(&acme, |one| one.description.in_(["chat", "code"])).await, ["github", "slack"]);
}

#[tokio::test]
async fn arrays_contain_and_overlap() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    assert_eq!(slugs(&acme, |one| one.tags.contains(["team"])).await, ["slack", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.tags.contains(["team", "chat"])).await, ["slack"]);
    assert_eq!(slugs(&acme, |one| one.tags.contains(["nothing"])).await, [""; 0]);
    assert_eq!(slugs(&acme, |one| one.tags.contains(Vec::<String>::new())).await.len(), 5);
    assert_eq!(slugs(&acme, |one| one.tags.overlaps(["a", "chat"])).await, ["odd", "slack"]);
    assert_eq!(slugs(&acme, |one| one.tags.eq(["a", "b"])).await, ["odd"]);
    assert_eq!(slugs(&acme, |one| one.tags.eq(["b", "a"])).await, [""; 0], "an array has an order");
}

#[tokio::test]
async fn json_contains_at_any_depth() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    assert_eq!(slugs(&acme, |one| one.metadata.contains_json(json!({"plan": "pro"}))).await, ["slack-2"]);
    let deep = json!({"limits": {"rate": 10}});
    assert_eq!(slugs(&acme, |one| one.metadata.contains_json(deep)).await, ["slack-2"]);
    assert_eq!(slugs(&acme, |one| one.metadata.contains_json(json!({"plan": "none"}))).await, [""; 0]);
    assert_eq!(slugs(&acme, |one| one.metadata.contains_json(json!({}))).await.len(), 5);
}

#[tokio::test]
async fn enums_compare_by_their_label_and_their_order() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    assert_eq!(slugs(&acme, |one| one.status.eq(IntegrationStatus::Active)).await, ["github", "slack-2"]);
    assert_eq!(slugs(&acme, |one| one.status.ne(IntegrationStatus::Active)).await, ["odd", "size", "slack"]);
    assert_eq!(slugs(&acme, |one| one.status.gt(IntegrationStatus::Active)).await, ["odd", "size"]);
    let some = [IntegrationStatus::Draft, IntegrationStatus::Error];
    assert_eq!(slugs(&acme, |one| one.status.in_(some)).await, ["odd", "slack"]);
}

#[tokio::test]
async fn keys_times_numbers_and_booleans_compare() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let by_key = Integration::query().filter(|one| one.id.eq(acme.integration.id));
    assert_eq!(by_key.one(&acme.scope).await.unwrap().id, acme.integration.id);
    let keys = [acme.integration.id, other.integration.id, Id::from_uuid(Uuid::nil())];
    assert_eq!(Integration::query().filter(|one| one.id.in_(keys)).count(&acme.scope).await.unwrap(), 1);
    let by_tenant = Integration::query().filter(|one| one.tenant_id.eq(other.tenant.id));
    assert_eq!(by_tenant.count(&acme.scope).await.unwrap(), 0, "a filter cannot widen the scope");
    let mappings = FieldMapping::query().filter(|one| one.action_id.eq(acme.action.id));
    assert_eq!(mappings.count(&acme.scope).await.unwrap(), 1);

    let now = Utc::now();
    let recent = RequestLog::query().filter(|log| log.created_at.gt(now - TimeDelta::hours(1)));
    assert!(recent.exists(&acme.scope).await.unwrap());
    let future = RequestLog::query().filter(|log| log.created_at.ge(now + TimeDelta::hours(1)));
    assert!(!future.exists(&acme.scope).await.unwrap());
    let fast = RequestLog::query().filter(|log| log.latency_ms.le(7) & log.retry_count.eq(0));
    assert_eq!(fast.count(&acme.scope).await.unwrap(), 1);
    let missing = RequestLog::query().filter(|log| log.status_code.ge(0));
    assert_eq!(missing.count(&acme.scope).await.unwrap(), 0, "NULL is not above anything");
    let uncached = Action::query().filter(|action| action.cacheable.eq(false));
    assert_eq!(uncached.count(&acme.scope).await.unwrap(), 1);
}

#[tokio::test]
async fn conditions_combine_as_they_are_written() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    let active = IntegrationStatus::Active;
    let both = slugs(&acme, |one| one.status.eq(active) & one.tags.contains(["team"])).await;
    assert_eq!(both, ["slack-2"]);
    let either = slugs(&acme, |one| one.slug.eq("odd") | one.slug.eq("size")).await;
    assert_eq!(either, ["odd", "size"]);
    let not = slugs(&acme, |one| !(one.status.eq(active) | one.slug.eq("odd"))).await;
    assert_eq!(not, ["size", "slack"]);
    let grouped = slugs(&acme, |one| one.status.eq(active) & (one.slug.eq("github") | one.slug.eq("odd"))).await;
    assert_eq!(grouped, ["github"]);
    let loose = slugs(&acme, |one| one.status.eq(active) & one.slug.eq("github") | one.slug.eq("odd")).await;
    assert_eq!(loose, ["github", "odd"]);
    let twice = Integration::query().filter(|one| one.status.eq(active)).filter(|one| one.slug.eq("github"));
    assert_eq!(twice.count(&acme).await.unwrap(), 1);
    let escape = slugs(&acme, |one| one.slug.eq("slack") | one.slug.ne("slack")).await;
    assert_eq!(escape.len(), 5, "an OR does not escape the tenant");
}

#[tokio::test]
async fn a_missing_value_adds_no_condition() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    let search = |text: Option<&'static str>| {
        Integration::query().filter_opt(text, |one, text| one.name.ilike_contains(text)).count(&acme)
    };
    assert_eq!(search(Some("slack")).await.unwrap(), 2);
    assert_eq!(search(Some("")).await.unwrap(), 5);
    assert_eq!(search(None).await.unwrap(), 5);
}
