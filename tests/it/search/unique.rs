//! Unique values that nobody can read.

use super::*;

#[tokio::test]
async fn a_value_is_unique_within_its_tenant_in_every_form() {
    let test = Found::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    contact(&acme, "Ada@example.org").await;
    contact(&other, "ada@example.org").await;
    let error = Contact::create().label("x").email(" ADA@example.org").insert(&acme).await.refused();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!((error.constraint(), error.table()), (Some("contacts_email_bidx_idx"), Some("contacts")));
    assert!(!format!("{error} {error:?}").to_lowercase().contains("ada"), "{error:?}");
    let absent = Contact::create().label("x").email("ada@example.org").insert_if_absent(&acme).await.unwrap();
    assert!(absent.is_none());
    assert!(Contact::create().label("x").email("bob").insert_if_absent(&acme).await.unwrap().is_some());

    let bob = Contact::query().filter(|c| c.email.eq("bob")).one(&acme).await.unwrap();
    assert!(bob.patch().email("ada@example.org").save(&acme).await.refused().is_unique_violation());
    bob.patch().email("BOB ").save(&acme).await.unwrap();
    assert_eq!(Contact::query().count(&acme).await.unwrap(), 2);
}

#[tokio::test]
async fn below_a_parent_a_value_is_unique_among_its_siblings() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let (one, two) = (contact(&acme, "one").await.id, contact(&acme, "two").await.id);
    Alias::create().contact_id(one).name("x").insert(&acme).await.unwrap();
    Alias::create().contact_id(two).name("x").insert(&acme).await.unwrap();
    let error = Alias::create().contact_id(one).name("x").insert(&acme).await.refused();
    assert_eq!(error.constraint(), Some("aliases_name_bidx_idx"));
    assert_eq!(Alias::query().filter(|a| a.name.eq("x")).count(&acme).await.unwrap(), 2);
}
