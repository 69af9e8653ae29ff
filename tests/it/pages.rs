//! Keyset pages: whole, in order, without repeats, and cursors that cannot be bent.

mod cursors;

use chrono::Utc;
use serde_json::json;
use waygate::models::{AuthType, FieldMapping, Integration, IntegrationStatus, RequestLog, Tenant};
use waygate_db::{Error, IntoOrder, Model, Orders, Page, Query, TenantScope};

use crate::support::{Outcome, Rows, TestDb, integration, mapping};

type Columns = <Integration as Model>::Columns;

/// So many integrations, in batches of equal `created_at`.
async fn fill(acme: &TenantScope, count: usize) {
    let statuses = [IntegrationStatus::Draft, IntegrationStatus::Active, IntegrationStatus::Error];
    for batch in (0..count).collect::<Vec<_>>().chunks(7) {
        acme.transaction(async |tx| {
            for number in batch {
                Integration::create()
                    .name(format!("name {}", number % 4))
                    .slug(format!("slug-{number:03}"))
                    .auth_type(AuthType::Basic)
                    .status(statuses[number % 3])
                    .insert(tx)
                    .await?;
            }
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    }
}

/// Walks all pages; each but the last is full.
async fn walk<M: Model + std::fmt::Debug>(
    size: u32,
    mut page: impl AsyncFnMut(Option<waygate_db::Cursor>) -> Page<M>,
) -> Vec<M> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let Page { items, next } = page(after).await;
        assert!(items.len() == size as usize || next.is_none(), "a page in between is not full");
        assert!(!items.is_empty() || next.is_none());
        rows.extend(items);
        match next {
            Some(cursor) => after = Some(cursor),
            None => return rows,
        }
    }
}

/// Checks that pages of this size hold, in this order, what one page of everything holds.
async fn check<O: IntoOrder<Integration>>(acme: &TenantScope, size: u32, order: impl Fn(Columns) -> O) {
    let query = || -> Query<Integration> { Integration::query().order_by(&order) };
    let ids = |rows: &[Integration]| rows.iter().map(|one| one.id).collect::<Vec<_>>();
    let paged = ids(&walk(size, async |after| query().page(after, size, acme).await.unwrap()).await);
    let whole = ids(&query().page(None, 10_000, acme).await.unwrap().items);
    assert_eq!(paged, whole);
    let (mut sorted, mut listed) = (paged, ids(&query().all(acme).await.unwrap()));
    sorted.sort();
    listed.sort();
    assert_eq!(sorted, listed, "no row twice, none left out");
}

#[tokio::test]
async fn pages_of_any_size_hold_every_row_once() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 20).await;
    for size in [1, 3, 4, 5, 19, 20, 21, 1000] {
        check(&acme, size, |one| one.created_at.desc()).await;
        check(&acme, size, |one| one.created_at.asc()).await;
    }
}

#[tokio::test]
async fn pages_follow_any_order() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 30).await;
    check(&acme, 4, |one| one.id.asc()).await;
    check(&acme, 4, |one| one.id.desc()).await;
    check(&acme, 4, |one| one.name.asc()).await;
    check(&acme, 4, |one| one.status.desc()).await;
    check(&acme, 4, |one| (one.status.asc(), one.created_at.desc())).await;
    check(&acme, 4, |one| (one.name.desc(), one.status.asc(), one.created_at.desc())).await;
    check(&acme, 4, |one| (one.created_at.desc(), one.id.asc())).await;
    check(&acme, 4, |one| (one.status.asc(), one.name.asc(), one.created_at.desc(), one.id.desc())).await;
    check(&acme, 4, |one| one.tags.asc()).await;
    check(&acme, 4, |one| one.metadata.asc()).await;
}

#[tokio::test]
async fn a_page_keeps_its_order_and_its_filter() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 30).await;
    let query = || {
        Integration::query()
            .filter(|one| one.status.eq(IntegrationStatus::Active))
            .order_by(|one| (one.name.asc(), one.slug.desc()))
    };
    let paged = walk(3, async |after| query().page(after, 3, &acme).await.unwrap()).await;
    let listed = query().all(&acme).await.unwrap();
    let slugs = |rows: &[Integration]| rows.iter().map(|one| one.slug.clone()).collect::<Vec<_>>();
    assert_eq!(slugs(&paged), slugs(&listed));
    assert_eq!(paged.len(), 10);
}

#[tokio::test]
async fn without_an_order_pages_follow_the_key() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 10).await;
    let paged = walk(3, async |after| Integration::query().page(after, 3, &acme).await.unwrap()).await;
    assert!(paged.iter().map(|one| one.id).is_sorted());
    assert_eq!(paged.len(), 10);
}

#[tokio::test]
async fn an_empty_table_is_one_empty_page() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let page = Integration::query().page(None, 10, &acme).await.unwrap();
    assert!(page.items.is_empty() && page.next.is_none());
}

#[tokio::test]
async fn rows_that_come_and_go_between_pages_disturb_no_other() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 9).await;
    let query = || Integration::query().order_by(|one| one.slug.asc());
    let first = query().page(None, 3, &acme).await.unwrap();
    // The row that the cursor names goes; one before it and one after it come.
    Integration::delete(first.items[2].id).exec(&acme).await.unwrap();
    integration("slug-000-before", &acme).await.unwrap();
    integration("slug-004-after", &acme).await.unwrap();
    let rest = walk(3, async |after| query().page(after.or(first.next.clone()), 3, &acme).await.unwrap()).await;
    let slugs: Vec<_> = rest.iter().map(|one| one.slug.as_str()).collect();
    assert_eq!(slugs, ["slug-003", "slug-004", "slug-004-after", "slug-005", "slug-006", "slug-007", "slug-008"]);
}

#[tokio::test]
async fn what_cannot_be_paged_is_refused() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    fill(&acme, 2).await;
    let none = Integration::query().page(None, 0, &acme).await.refused();
    assert!(none.is_invalid_query(), "a page of no rows: {none}");
    let limited = Integration::query().limit(5).page(None, 2, &acme).await.refused();
    assert!(limited.is_invalid_query(), "{limited}");
    let nullable = Integration::query().order_by(|one| one.description.asc()).page(None, 2, &acme).await.refused();
    assert!(nullable.is_invalid_query() && nullable.to_string().contains("integrations.description"), "{nullable}");
    let largest = Integration::query().page(None, u32::MAX, &acme).await.unwrap();
    assert_eq!(largest.items.len(), 2);
}

#[tokio::test]
async fn every_scope_pages() {
    let test = TestDb::new().await;
    let (acme, _other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    for _ in 0..6 {
        mapping(acme.action.id, &acme.scope).await.unwrap();
        RequestLog::create()
            .integration_id(acme.integration.id)
            .action_id(acme.action.id)
            .request_summary(json!({}))
            .latency_ms(1)
            .insert(&acme.scope)
            .await
            .unwrap();
    }
    let mappings = walk(2, async |after| {
        let order = |one: <FieldMapping as Model>::Columns| -> Orders<FieldMapping> { one.created_at.desc() };
        FieldMapping::query().order_by(order).page(after, 2, &acme.scope).await.unwrap()
    });
    assert_eq!(mappings.await.len(), 7);
    let logs = walk(3, async |after| {
        let recent = RequestLog::query().filter(|log| log.created_at.le(Utc::now()));
        recent.order_by(|log| log.created_at.desc()).page(after, 3, &acme.scope).await.unwrap()
    });
    assert_eq!(logs.await.len(), 7);
    let service = test.service();
    let tenants = walk(1, async |after| {
        Tenant::query().order_by(|tenant| tenant.email.asc()).page(after, 1, &service).await.unwrap()
    });
    assert_eq!(tenants.await.len(), 2);
}

#[tokio::test]
async fn pages_read_sealed_rows() {
    let test = TestDb::new().await;
    let acme = Rows::of(&test, "acme").await;
    let page = waygate::models::IntegrationCredential::query().page(None, 5, &acme.scope).await.unwrap();
    assert_eq!(page.items[0].encrypted_refresh_token.as_ref().unwrap().expose(), "refresh of acme");
}
