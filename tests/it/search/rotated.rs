//! Index keys rotated: pending first, digests made anew, and nothing lost on the way.

use waygate_db::keys::{self, Verify, Which};
use waygate_db::{KeyPurpose, Model, TenantScope};

use super::{Contact, Found, SCHEMA, contact, emails};
use crate::support::Outcome;

/// Makes what is pending old enough to be used.
const AGE: &str =
    "UPDATE waygate.data_keys SET created_at = created_at - interval '21 minutes' WHERE state = 'pending'";

async fn found(scope: &TenantScope, email: &str) -> Vec<Contact> {
    Contact::query().filter(|c| c.email.eq(email)).all(scope).await.unwrap()
}

#[tokio::test]
async fn a_new_index_key_is_looked_for_before_it_is_used_and_then_every_digest_is_made_with_it() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let rival = test.tenant("rival").await;
    for name in ["ada", "bob", "cyd"] {
        contact(&acme, &format!("{name}@example.org")).await;
        contact(&rival, &format!("{name}@example.org")).await;
    }
    let service = test.service();
    let which = Which::Tenant(acme.id());
    let first = keys::rotate(&service, which, KeyPurpose::Index).await.unwrap();
    assert_eq!((first.len(), first[0].version, first[0].active), (1, 2, false));
    let early = keys::rotate(&service, which, KeyPurpose::Index).await.refused();
    assert!(early.is_key() && early.message().contains("is pending since"), "{early}");
    assert_eq!(found(&acme, "ada@example.org").await.len(), 1);

    test.sql(AGE).await;
    let second = keys::rotate(&service, which, KeyPurpose::Index).await.unwrap();
    assert_eq!((second[0].to.as_str(), second[0].active), (first[0].to.as_str(), true));
    // A process that starts now finds what stands under both keys.
    let anew = test.another().await.tenant(acme.id());
    contact(&anew, "dan@example.org").await;
    for name in ["ada", "dan"] {
        assert_eq!(found(&anew, &format!("{name}@example.org")).await.len(), 1, "{name}");
    }
    let stale = "SELECT count(*)::text FROM contacts WHERE get_byte(email_bidx, 0) = 1";
    assert_eq!(test.value(stale).await.as_deref(), Some("6"));

    let process = test.another().await;
    let done = keys::reindex(&process.service("reindex"), &SCHEMA, None, None, 2).await.unwrap();
    let email = done.iter().find(|one| one.column == "contacts.email").unwrap();
    assert_eq!((email.written, email.raced, email.unopened, email.taken.len()), (3, 0, 0, 0));
    assert_eq!(test.value(stale).await.as_deref(), Some("3"), "the other tenant's key was not rotated");
    let rows = Contact::query().filter(|c| c.email.in_(["ADA@example.org ", "cyd@example.org"])).all(&anew).await;
    assert_eq!(emails(&rows.unwrap()), ["ada@example.org", "cyd@example.org"]);
    let again = keys::reindex(&process.service("reindex"), &SCHEMA, None, None, 2).await.unwrap();
    assert!(again.iter().all(|one| one.written == 0), "{again:?}");
    let verified = keys::verify(&process.service("verify"), &SCHEMA, &Verify::default()).await.unwrap();
    assert_eq!((verified.failed, verified.indexed), (0, 7));
}

#[tokio::test]
async fn two_rows_of_one_value_under_two_keys_are_named_and_neither_is_lost() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let one = contact(&acme, "one@example.org").await;
    let two = contact(&acme, "two@example.org").await;
    let which = Which::Tenant(acme.id());
    keys::rotate(&test.service(), which, KeyPurpose::Index).await.unwrap();
    test.sql(AGE).await;
    keys::rotate(&test.service(), which, KeyPurpose::Index).await.unwrap();
    // A race that the guard cannot see: the value of a row under the earlier key comes to stand under the new one.
    let other = test.another().await;
    Contact::update(two.id).email("three@example.org").exec(&other.tenant(acme.id())).await.unwrap();
    let forge = format!("UPDATE contacts SET email_bidx = set_byte(email_bidx, 0, 2) WHERE id = '{}'", one.id);
    test.sql(&forge).await;
    let verified = keys::verify(&other.service("verify"), &SCHEMA, &Verify::default()).await.unwrap();
    assert_eq!(verified.failed, 1);
    assert_eq!((verified.cells[0].column.as_str(), verified.cells[0].row), ("contacts.email_bidx", one.id.as_uuid()));
}

#[tokio::test]
async fn shredding_a_tenant_scatters_its_digests_of_the_applications_key() {
    let test = Found::new().await;
    let (acme, rival) = (test.tenant("acme").await, test.tenant("rival").await);
    keys::init(&test.service(), &SCHEMA, false).await.unwrap();
    let mut digests = Vec::new();
    for scope in [&acme, &rival] {
        let one = Contact::create().label("x").email("a@example.org").handle("ada").insert(scope).await.unwrap();
        digests.push(one.id);
    }
    let [mine, theirs] = [test.digest("handle", digests[0]).await, test.digest("handle", digests[1]).await];
    assert_eq!(mine, theirs, "the application's digests are one for one value");
    keys::shred(&test.service(), &SCHEMA, acme.id()).await.unwrap();
    assert_ne!(test.digest("handle", digests[0]).await, theirs);
    assert_eq!(test.digest("handle", digests[1]).await, theirs, "another tenant's stay");
    let by_handle = Contact::query().filter(|c| c.handle.eq("ada")).all(&test.service()).await.unwrap();
    assert_eq!(by_handle.len(), 1);
}

#[tokio::test]
async fn a_model_that_becomes_searchable_gets_its_digests_from_the_job() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let one = Contact::create().label("x").email("a@example.org").number(7).insert(&acme).await.unwrap();
    test.sql("UPDATE contacts SET number_bidx = NULL").await;
    assert!(Contact::query().filter(|c| c.number.eq(7)).all(&acme).await.unwrap().is_empty());
    keys::reindex(&test.service(), &SCHEMA, Some("contacts"), Some(acme.id()), 10).await.unwrap();
    let found = Contact::query().filter(|c| c.number.eq(7)).one(&acme).await.unwrap();
    assert_eq!(found.key(), one.id);
}
