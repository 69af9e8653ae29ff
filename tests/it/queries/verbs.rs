//! The verbs that end a query: all, one, optional, count, exists; their orders and limits.

use waygate::models::{Integration, IntegrationStatus, RequestLog};
use waygate_db::Model;

use super::library;
use crate::support::{MARKER, Outcome, TestDb, integration};

#[tokio::test]
async fn one_wants_exactly_one_row() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    let by_slug = |slug: &'static str| Integration::query().filter(move |one| one.slug.eq(slug));
    assert_eq!(by_slug("slack").one(&acme).await.unwrap().name, "Slack");
    let none = by_slug(MARKER).one(&acme).await.refused();
    assert!(none.is_not_found() && !none.is_too_many_rows());
    let many = Integration::query().filter(|one| one.slug.ne(MARKER)).one(&acme).await.refused();
    assert!(many.is_too_many_rows() && !many.is_not_found());
    assert!(none.advice().is_some() && many.advice().is_some());
}

#[tokio::test]
async fn optional_wants_at_most_one_row() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    let by_slug = |slug: &'static str| Integration::query().filter(move |one| one.slug.eq(slug));
    assert_eq!(by_slug("slack").optional(&acme).await.unwrap().unwrap().name, "Slack");
    assert!(by_slug("nowhere").optional(&acme).await.unwrap().is_none());
    assert!(Integration::query().optional(&acme).await.refused().is_too_many_rows());
    let first = Integration::query().order_by(|one| one.slug.asc()).limit(1).optional(&acme).await.unwrap();
    assert_eq!(first.unwrap().slug, "github");
}

#[tokio::test]
async fn count_and_exists_look_at_the_filter_alone() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 5);
    let active = || Integration::query().filter(|one| one.status.eq(IntegrationStatus::Active));
    assert_eq!(active().order_by(|one| one.slug.asc()).limit(1).count(&acme).await.unwrap(), 2);
    assert!(active().exists(&acme).await.unwrap());
    assert!(!active().filter(|one| one.slug.eq("slack")).exists(&acme).await.unwrap());
    assert_eq!(RequestLog::query().count(&acme).await.unwrap(), 0);
}

#[tokio::test]
async fn rows_come_in_the_order_asked_for() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    let slugs = |rows: Vec<Integration>| rows.into_iter().map(|one| one.slug).collect::<Vec<_>>();
    let down = Integration::query().order_by(|one| one.slug.desc()).all(&acme).await.unwrap();
    assert_eq!(slugs(down), ["slack-2", "slack", "size", "odd", "github"]);
    let mixed = Integration::query().order_by(|one| (one.status.desc(), one.slug.asc())).all(&acme).await.unwrap();
    assert_eq!(slugs(mixed), ["size", "odd", "github", "slack-2", "slack"]);
    let chained = Integration::query().order_by(|one| one.status.desc()).order_by(|one| one.slug.asc());
    assert_eq!(slugs(chained.all(&acme).await.unwrap()), ["size", "odd", "github", "slack-2", "slack"]);
    let four =
        Integration::query().order_by(|one| (one.auth_type.asc(), one.status.asc(), one.name.desc(), one.id.asc()));
    assert_eq!(slugs(four.limit(2).all(&acme).await.unwrap()), ["slack", "slack-2"]);
    let nullable = Integration::query().order_by(|one| one.description.asc()).all(&acme).await.unwrap();
    assert_eq!(nullable.len(), 5, "a nullable column orders a list");
}

#[tokio::test]
async fn a_limit_takes_so_many_rows_and_no_more() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    for (limit, rows) in [(0, 0), (1, 1), (4, 4), (5, 5), (u32::MAX, 5)] {
        assert_eq!(Integration::query().limit(limit).all(&acme).await.unwrap().len(), rows, "{limit}");
    }
    assert_eq!(Integration::query().limit(2).limit(3).all(&acme).await.unwrap().len(), 3, "the last limit counts");
}

#[tokio::test]
async fn several_calls_of_one_handle_run_at_once() {
    let test = TestDb::new().await;
    let acme = library(&test).await;
    let (all, count, exists, one) = tokio::join!(
        Integration::query().all(&acme),
        Integration::query().count(&acme),
        Integration::query().exists(&acme),
        Integration::query().filter(|one| one.slug.eq("odd")).one(&acme),
    );
    assert_eq!((all.unwrap().len(), count.unwrap(), exists.unwrap()), (5, 5, true));
    assert_eq!(one.unwrap().slug, "odd");
    let inserts = (0..20).map(|number| {
        let acme = acme.clone();
        async move { integration(&format!("at-once-{number}"), &acme).await }
    });
    assert!(futures_util::future::join_all(inserts).await.iter().all(Result::is_ok));
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 25);
}
