//! Cursors travel through clients, so they come back in every state.

use waygate::models::{Action, Integration};
use waygate_db::{Cursor, Model, TenantScope};

use super::fill;
use crate::support::{Outcome, TestDb};

/// The cursor after the first page of this tenant, ordered by status and time.
async fn cursor(acme: &TenantScope) -> Cursor {
    by_status().page(None, 2, acme).await.unwrap().next.unwrap()
}

fn by_status() -> waygate_db::Query<Integration> {
    Integration::query().order_by(|one| (one.status.asc(), one.created_at.desc()))
}

fn parse(text: &str) -> Cursor {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_cursor_survives_text_and_json() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 6).await;
    let cursor = cursor(&acme).await;
    let keys = async |cursor| {
        let page = by_status().page(Some(cursor), 10, &acme).await.unwrap();
        page.items.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let expected = keys(cursor.clone()).await;
    assert_eq!(expected.len(), 4);
    let written = cursor.to_string();
    assert!(written.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "fit for a URL");
    assert_eq!(keys(parse(&written)).await, expected);
    let json = serde_json::to_string(&cursor).unwrap();
    assert_eq!(keys(serde_json::from_str(&json).unwrap()).await, expected);
    assert!(!format!("{cursor:?}").contains(&written), "a cursor holds a row's values");
}

#[tokio::test]
async fn a_cursor_of_another_query_is_refused() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 6).await;
    let cursor = cursor(&acme).await;
    let others = [
        Integration::query(),
        Integration::query().order_by(|one| one.status.asc()),
        Integration::query().order_by(|one| (one.status.desc(), one.created_at.desc())),
        Integration::query().order_by(|one| (one.status.asc(), one.updated_at.desc())),
        Integration::query().order_by(|one| (one.created_at.desc(), one.status.asc())),
    ];
    for other in others {
        assert!(other.page(Some(cursor.clone()), 2, &acme).await.refused().is_invalid_cursor());
    }
    let of_another_model = Action::query().order_by(|one| one.created_at.desc()).page(Some(cursor), 2, &acme).await;
    assert!(of_another_model.refused().is_invalid_cursor());
}

#[tokio::test]
async fn garbage_is_an_invalid_cursor() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 3).await;
    let long = "A".repeat(100_000);
    for text in ["", "A", "AQ", "garbage", "not base64 !", "=", "%00", "' OR 1=1 --", "größe", long.as_str()] {
        let error = by_status().page(Some(parse(text)), 2, &acme).await.refused();
        assert!(error.is_invalid_cursor(), "{text}: {error}");
        assert!(text.len() < 3 || !error.to_string().contains(text));
    }
}

#[tokio::test]
async fn a_cursor_cut_short_or_made_longer_is_refused() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 6).await;
    let written = cursor(&acme).await.to_string();
    for length in 0..written.len() {
        let error = by_status().page(Some(parse(&written[..length])), 2, &acme).await.refused();
        assert!(error.is_invalid_cursor(), "{length}: {error}");
    }
    for more in ["A", "AA", "AAAA", "AAAAAAAA"] {
        let error = by_status().page(Some(parse(&format!("{written}{more}"))), 2, &acme).await.refused();
        assert!(error.is_invalid_cursor(), "{error}");
    }
}

#[tokio::test]
async fn a_cursor_bent_in_any_place_breaks_nothing_and_shows_nothing_of_others() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    fill(&acme, 6).await;
    fill(&other, 6).await;
    let written = cursor(&acme).await.to_string();
    for place in 0..written.len() {
        for letter in ["A", "_", "x"] {
            let mut bent = written.clone();
            bent.replace_range(place..=place, letter);
            match by_status().page(Some(parse(&bent)), 10, &acme).await {
                Ok(page) => assert!(page.items.iter().all(|one| one.tenant_id == acme.id())),
                Err(error) => assert!(error.is_invalid_cursor(), "{place} {letter}: {error}"),
            }
        }
    }
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 6, "the connections are as good as before");
}

#[tokio::test]
async fn anothers_cursor_shows_no_row_of_the_other() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    fill(&acme, 6).await;
    fill(&other, 6).await;
    let page = by_status().page(Some(cursor(&other).await), 20, &acme).await.unwrap();
    assert!(!page.items.is_empty());
    assert!(page.items.iter().all(|one| one.tenant_id == acme.id()));
}
