//! Shortened digests: values that share one are told apart, before anything is counted or cut.

use std::sync::{Arc, Mutex};

use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::*;

/// Two cities whose digests of eight bits are the same for this tenant, and a third contact with another.
async fn twins(test: &Found, scope: &TenantScope) -> (String, String) {
    let mut seen: Vec<(String, String)> = Vec::new();
    for number in 0..600 {
        let city = format!("city {number}");
        let row = Contact::create().label("seed").email(&city).city(&city).insert(scope).await.unwrap();
        let digest = test.digest("city", row.id).await.unwrap();
        assert_eq!(digest.len(), 4, "the version and eight bits");
        if let Some((twin, _)) = seen.iter().find(|(_, other)| *other == digest) {
            return (twin.clone(), city);
        }
        seen.push((city, digest));
    }
    panic!("600 values have 256 digests");
}

#[tokio::test]
async fn values_of_one_digest_are_told_apart_by_every_verb() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let (one, two) = twins(&test, &acme).await;
    Contact::query().filter(|c| c.label.eq("seed")).all(&acme).await.unwrap();
    // Ten of each, by turns, the second of the twins always first in the order of their labels.
    for number in 0..10 {
        let create = |label: String, city: &str| {
            let email = format!("{label}@example.org");
            Contact::create().label(label).email(email).city(city).insert(&acme)
        };
        create(format!("{number}a"), &two).await.unwrap();
        create(format!("{number}b"), &one).await.unwrap();
    }
    let find = || Contact::query().filter(|c| c.city.eq(&one) & c.label.ne("seed")).order_by(|c| c.label.asc());
    let labels = |rows: &[Contact]| rows.iter().map(|row| row.label.clone()).collect::<Vec<_>>();
    let expected: Vec<String> = (0..10).map(|number| format!("{number}b")).collect();

    assert_eq!(labels(&find().all(&acme).await.unwrap()), expected);
    assert_eq!(find().count(&acme).await.unwrap(), 10);
    assert!(find().exists(&acme).await.unwrap());
    for limit in [0, 1, 2, 3, 5, 9, 10, 11, 100] {
        let rows = find().limit(u32::try_from(limit).unwrap()).all(&acme).await.unwrap();
        assert_eq!(labels(&rows), expected[..limit.min(10)], "limit {limit}");
    }
    let (mut walked, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = find().page(after, 3, &acme).await.unwrap();
        walked.extend(labels(&page.items));
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((walked, pages), (expected, 4));
    assert_eq!(find().page(None, 10, &acme).await.unwrap().next, None, "the twins make no further page");

    let last = || Contact::query().filter(|c| c.city.eq(&one) & c.label.in_(["9a", "9b"]));
    assert_eq!(last().one(&acme).await.unwrap().label, "9b");
    assert!(find().optional(&acme).await.refused().is_too_many_rows());
    let both = Contact::query().filter(|c| c.city.in_([&one, &two]) & c.label.ne("seed"));
    assert_eq!(both.count(&acme).await.unwrap(), 20);
}

/// The texts of the statements on contacts that this thread sent.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            let text = format!("{value:?}").replace("\\\"", "\"").trim_matches('"').to_owned();
            if field.name() == "db.query.text" && text.contains("FROM public.contacts") {
                self.0.lock().unwrap().push(text);
            }
        });
    }
}

/// Rows as a table that is in use has them: sealed values of no matter what, and digests that differ.
async fn fill(test: &Found, scope: &TenantScope) {
    let fill = format!(
        "BEGIN; SET LOCAL waygate.tenant_id = '{}';
         INSERT INTO contacts (label, email, email_bidx, city_bidx, handle_bidx)
         SELECT 'x', '\\xf901'::bytea || decode(repeat('00', 60), 'hex'), decode(md5(n::text), 'hex'),
                substr(decode(md5(n::text), 'hex'), 1, 2), decode(md5(n::text), 'hex')
         FROM generate_series(1, 3000) n; COMMIT",
        scope.id()
    );
    test.sql(&fill).await;
    test.empty.sql(Login::Owner, "ANALYZE contacts").await.unwrap();
}

#[tokio::test]
async fn a_search_is_answered_by_its_index() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let service = test.service();
    fill(&test, &acme).await;
    let heard = Heard::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(heard.clone()));
    Contact::query().filter(|c| c.email.eq("a")).all(&acme).await.unwrap();
    Contact::query().filter(|c| c.city.in_(["a", "b"])).all(&acme).await.unwrap();
    Contact::query().filter(|c| c.handle.eq("a")).all(&acme).await.unwrap();
    Contact::query().filter(|c| c.handle.eq("a")).all(&service).await.unwrap();
    drop(listening);
    let heard = heard.0.lock().unwrap().clone();
    let expected = [
        (Login::App, "contacts_email_bidx_idx"),
        (Login::App, "contacts_city_bidx_idx"),
        (Login::App, "contacts_handle_bidx_idx"),
        (Login::Service, "contacts_handle_bidx_idx"),
    ];
    assert_eq!(heard.len(), expected.len(), "{heard:#?}");
    for (sql, (login, index)) in heard.iter().zip(expected) {
        assert!(!sql.split(" FROM ").next().unwrap().contains("_bidx"), "no row holds a digest: {sql}");
        let tenant = format!("'{}'", acme.id());
        let parameters = if sql.contains("tenant_id = $1") { format!("{tenant}, '{{}}'") } else { "'{}'".to_owned() };
        let explain = format!(
            "SET waygate.tenant_id = {tenant}; SET plan_cache_mode = force_generic_plan; SET enable_bitmapscan = off;
             PREPARE heard AS {sql}; EXPLAIN (COSTS OFF) EXECUTE heard ({parameters})"
        );
        let plan = test.empty.sql(login, &explain).await.unwrap();
        let plan = plan.into_iter().flatten().flatten().collect::<Vec<_>>().join("\n");
        assert!(plan.contains(&format!("using {index}")), "{sql}\n{plan}");
        assert!(plan.lines().any(|line| line.contains("Index Cond") && line.contains("_bidx = ANY")), "{plan}");
    }
}
