//! Shortened digests: values that share one are told apart, before anything is counted or cut.

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

/// The plan of a search, as the app login.
#[tokio::test]
async fn a_search_uses_its_index() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    contact(&acme, "a").await;
    for (tenant, condition, index) in [
        (true, "email_bidx = ANY('{\"\\\\x01\"}'::bytea[])", "contacts_email_bidx_idx"),
        (true, "city_bidx = ANY('{\"\\\\x01\"}'::bytea[])", "contacts_city_bidx_idx"),
        (false, "handle_bidx = ANY('{\"\\\\x01\"}'::bytea[])", "contacts_handle_bidx_idx"),
    ] {
        let tenant = if tenant { format!("tenant_id = '{}'", acme.id()) } else { "true".to_owned() };
        let explain = format!(
            "SET waygate.tenant_id = '{}'; SET enable_seqscan = off; SET enable_bitmapscan = off;
             EXPLAIN (COSTS OFF) SELECT id FROM contacts WHERE {tenant} AND {condition}",
            acme.id()
        );
        let plan = test.empty.sql(Login::App, &explain).await.unwrap();
        let plan = plan.into_iter().flatten().flatten().collect::<Vec<_>>().join("\n");
        assert!(plan.contains(&format!("using {index}")) && plan.contains("_bidx = ANY"), "{plan}");
        assert!(plan.lines().any(|line| line.contains("Index Cond") && line.contains("_bidx")), "{plan}");
    }
}
