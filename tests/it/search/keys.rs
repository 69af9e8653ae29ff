//! Index keys: made once, of their own, and rotated while rows stand under both.

use super::*;

/// How many index keys each scope has.
async fn index_keys(test: &Found) -> Vec<TextRow> {
    test.sql("SELECT scope, version::text, state FROM waygate.data_keys WHERE purpose = 2 ORDER BY scope, version")
        .await
}

#[tokio::test]
async fn many_sessions_make_one_key() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(test.another().await.tenant(acme.id()));
    }
    let inserts = others.iter().enumerate().map(|(number, scope)| async move {
        let email = format!("{number}");
        Contact::create().label("x").email(&email).insert(scope).await.unwrap();
    });
    futures_util::future::join_all(inserts).await;
    assert_eq!(index_keys(&test).await, [[Some(acme.id().to_string()), Some("1".into()), Some("active".into())]]);
    let all = Contact::query().filter(|c| c.email.in_(["0", "1", "2"])).all(&acme).await.unwrap();
    assert_eq!(emails(&all), ["0", "1", "2"]);
}

#[tokio::test]
async fn a_search_makes_no_key_and_an_apps_key_is_the_services_to_make() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    assert!(!Contact::query().filter(|c| c.email.eq("a")).exists(&acme).await.unwrap());
    assert!(!Contact::query().filter(|c| c.handle.eq("a")).exists(&acme).await.unwrap());
    assert!(index_keys(&test).await.is_empty());

    let create = || Contact::create().label("x").email("a").handle("Ada");
    let error = create().insert(&acme).await.refused();
    assert!(error.is_key() && error.advice().unwrap().contains("waygate keys init"), "{error}");
    assert_eq!(Contact::query().count(&acme).await.unwrap(), 0);
    create().insert(&test.service().for_tenant(acme.id())).await.unwrap();
    Contact::create().label("x").email("b").handle("Bob").insert(&acme).await.unwrap();
    assert_eq!(Contact::query().filter(|c| c.handle.in_(["ADA", "BOB"])).count(&acme).await.unwrap(), 2);
}

/// Makes the tenant's index key one that only finds, and a second one active, as a rotation does.
async fn rotate(test: &Found, scope: &TenantScope) {
    let id = scope.id();
    let retire = format!("UPDATE waygate.data_keys SET state = 'decrypt_only' WHERE scope = '{id}' AND purpose = 2");
    test.sql(&retire).await;
    // The library makes the next one by itself, as nothing is active.
    let fresh = test.another().await.tenant(scope.id());
    let row = Contact::create().label("made the key").email("made the key").insert(&fresh).await.unwrap();
    assert!(test.digest("email", row.id).await.unwrap().starts_with("02"));
}

#[tokio::test]
async fn while_a_key_is_rotated_rows_under_both_are_found_and_none_twice() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let old = contact(&acme, "old").await;
    Contact::update(old.id).phone("1").exec(&acme).await.unwrap();
    rotate(&test, &acme).await;
    let acme = test.another().await.tenant(acme.id());
    let new = Contact::create().label("x").email("new").phone("1").insert(&acme).await.unwrap();
    assert!(test.digest("phone", old.id).await.unwrap().starts_with("01"));
    assert!(test.digest("phone", new.id).await.unwrap().starts_with("02"));
    assert_eq!(emails(&Contact::query().filter(|c| c.phone.eq("1")).all(&acme).await.unwrap()), ["new", "old"]);
    assert_eq!(Contact::query().filter(|c| c.email.in_(["old", "new"])).count(&acme).await.unwrap(), 2);
}

#[tokio::test]
async fn a_unique_value_under_the_earlier_key_is_still_taken() {
    let test = Found::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let old = contact(&acme, "old").await;
    contact(&other, "theirs").await;
    let alias = Alias::create().contact_id(old.id).name("x").insert(&acme).await.unwrap();
    rotate(&test, &acme).await;
    let acme = test.another().await.tenant(acme.id());
    for handle in [&acme, &test.another().await.service("test").for_tenant(acme.id())] {
        let error = Contact::create().label("x").email("OLD").insert(handle).await.refused();
        assert!(error.is_unique_violation(), "{error}");
        assert_eq!((error.constraint(), error.table()), (Some("contacts_email_bidx_idx"), Some("contacts")));
        assert!(Contact::create().label("x").email("old").insert_if_absent(handle).await.unwrap().is_none());
    }
    let new = contact(&acme, "theirs").await;
    let error = new.patch().email("old").save(&acme).await.refused();
    assert_eq!((error.is_unique_violation(), error.constraint()), (true, Some("contacts_email_bidx_idx")));
    assert!(Contact::update(new.id).email("old").exec(&acme).await.refused().is_unique_violation());
    Contact::delete(new.id).exec(&acme).await.unwrap();
    assert!(Contact::update(new.id).email("old").exec(&acme).await.refused().is_not_found());
    // The row itself is not in its own way, and moves to the new key.
    old.patch().email("Old").save(&acme).await.unwrap();
    assert!(test.digest("email", old.id).await.unwrap().starts_with("02"));

    // Below a parent, only a sibling is.
    let second = contact(&acme, "second").await.id;
    assert!(Alias::create().contact_id(old.id).name("x").insert(&acme).await.refused().is_unique_violation());
    let twin = Alias::create().contact_id(second).name("x").insert(&acme).await.unwrap();
    assert!(Alias::update(twin.id).contact_id(old.id).name("x").exec(&acme).await.refused().is_unique_violation());
    Alias::update(twin.id).name("x").exec(&acme).await.unwrap();
    Alias::update(alias.id).name("x").exec(&acme).await.unwrap();
}

#[tokio::test]
async fn a_destroyed_index_key_finds_nothing_and_writes_go_on() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    contact(&acme, "a").await;
    test.sql("UPDATE waygate.data_keys SET state = 'destroyed', wrapped = NULL WHERE purpose = 2").await;
    let acme = test.another().await.tenant(acme.id());
    assert!(!Contact::query().filter(|c| c.email.eq("a")).exists(&acme).await.unwrap());
    assert_eq!(emails(&Contact::query().all(&acme).await.unwrap()), ["a"], "what is sealed is another key's");
}
