//! Request logs: inserted and read, never changed.

use chrono::{TimeDelta, Utc};
use serde_json::json;
use waygate::models::RequestLog;
use waygate_db::{Id, Json, Model};

use crate::support::{Outcome, Rows, TestDb, same};

#[tokio::test]
async fn a_row_with_every_field_reads_back_as_it_was_written() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let written = RequestLog::create()
        .integration_id(acme.integration.id)
        .action_id(acme.action.id)
        .request_summary(json!({"path": "/chat.postMessage"}))
        .response_summary(json!({"ok": false}))
        .status_code(429)
        .latency_ms(1234)
        .retry_count(2)
        .error(json!({"code": "rate_limited"}))
        .insert(&acme.scope)
        .await
        .unwrap();
    assert_eq!((written.status_code, written.latency_ms, written.retry_count), (Some(429), 1234, 2));
    assert_eq!(written.error, Some(Json(json!({"code": "rate_limited"}))));
    same(&RequestLog::find(written.id, &acme.scope).await.unwrap().unwrap(), &written);
}

#[tokio::test]
async fn what_is_left_out_gets_its_default() {
    let test = TestDb::new().await;
    let log = Rows::of(&test, "acme").await.log;
    assert_eq!((log.retry_count, log.status_code), (0, None));
    assert!(log.response_summary.is_none() && log.error.is_none());
}

#[tokio::test]
async fn numbers_reach_the_ends_of_their_type() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    for latency in [i32::MIN, -1, 0, i32::MAX] {
        let row = RequestLog::create()
            .integration_id(acme.integration.id)
            .action_id(acme.action.id)
            .request_summary(json!(null))
            .latency_ms(latency)
            .insert(&acme.scope)
            .await
            .unwrap();
        assert_eq!((row.latency_ms, row.request_summary.0), (latency, json!(null)));
    }
}

#[tokio::test]
async fn the_newest_come_first_when_asked_so() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let import = test.service().for_tenant(acme.tenant.id);
    for hours in [3, 1, 2] {
        RequestLog::create()
            .integration_id(acme.integration.id)
            .action_id(acme.action.id)
            .request_summary(json!({}))
            .latency_ms(hours)
            .created_at(Utc::now() - TimeDelta::hours(hours.into()))
            .insert(&import)
            .await
            .unwrap();
    }
    let logs = RequestLog::query()
        .filter(|log| log.created_at.lt(Utc::now() - TimeDelta::minutes(30)))
        .order_by(|log| log.created_at.desc())
        .all(&acme.scope)
        .await
        .unwrap();
    assert_eq!(logs.iter().map(|log| log.latency_ms).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn anothers_parents_are_refused_exactly_like_missing_ones() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let create = |integration, action| {
        RequestLog::create()
            .integration_id(integration)
            .action_id(action)
            .request_summary(json!({}))
            .latency_ms(1)
            .insert(&acme.scope)
    };
    let foreign = create(other.integration.id, acme.action.id).await.refused();
    let missing = create(Id::new(), acme.action.id).await.refused();
    assert!(foreign.is_foreign_key_violation());
    assert_eq!(format!("{foreign:?}"), format!("{missing:?}"));
    let foreign = create(acme.integration.id, other.action.id).await.refused();
    let missing = create(acme.integration.id, Id::new()).await.refused();
    assert!(foreign.is_foreign_key_violation());
    assert_eq!(format!("{foreign:?}"), format!("{missing:?}"));
}
