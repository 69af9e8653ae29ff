//! Digests that somebody wrote beside other rows.

use std::sync::{Arc, Mutex};

use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::*;

/// The columns of the events of tampering that this thread sent.
#[derive(Clone, Default)]
struct Alarms(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Alarms {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "waygate_db::tampered" {
            let mut text = String::new();
            event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
                text += &format!("{field}={value:?} ");
            });
            self.0.lock().unwrap().push(text);
        }
    }
}

#[tokio::test]
async fn a_digest_beside_another_row_never_shows_that_row() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let (ada, eve) = (contact(&acme, "ada").await, contact(&acme, "eve").await);
    for row in [&ada, &eve] {
        Contact::update(row.id).phone("1").exec(&acme).await.unwrap();
    }
    Contact::update(eve.id).phone("2").card("2222").exec(&acme).await.unwrap();
    let take = format!(
        "UPDATE contacts eve SET phone_bidx = ada.phone_bidx, card_bidx = '\\x0100' FROM contacts ada
         WHERE eve.id = '{}' AND ada.id = '{}'",
        eve.id, ada.id
    );
    test.sql(&take).await;

    let alarms = Alarms::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(alarms.clone()));
    let find = || Contact::query().filter(|c| c.phone.eq("1"));
    assert_eq!(find().one(&acme).await.unwrap().id, ada.id);
    assert_eq!(emails(&find().all(&acme).await.unwrap()), ["ada"]);
    assert_eq!(find().count(&acme).await.unwrap(), 1);
    assert_eq!(find().order_by(|c| c.id.desc()).limit(1).all(&acme).await.unwrap()[0].id, ada.id);
    let page = find().order_by(|c| c.id.desc()).page(None, 1, &acme).await.unwrap();
    assert_eq!((emails(&page.items), page.next.is_none()), (vec!["ada"], true));
    Contact::delete(ada.id).exec(&acme).await.unwrap();
    assert!(!find().exists(&acme).await.unwrap());
    assert!(find().optional(&acme).await.unwrap().is_none());
    drop(listening);
    let alarms = alarms.0.lock().unwrap().clone();
    assert!(alarms.len() >= 7, "one for each read of the row: {alarms:?}");
    assert!(alarms.iter().all(|alarm| alarm.contains("contacts.phone") && !alarm.contains('1')), "{alarms:?}");
    // Nor is it found by its own value any more, which its digest no longer says.
    assert!(!Contact::query().filter(|c| c.phone.eq("2")).exists(&acme).await.unwrap());
}

#[tokio::test]
async fn a_digest_beside_no_value_finds_nothing_and_a_cell_that_does_not_open_is_an_error() {
    let test = Found::new().await;
    let acme = test.tenant("acme").await;
    let (ada, eve) = (contact(&acme, "ada").await, contact(&acme, "eve").await);
    Contact::update(ada.id).phone("1").card("1111").exec(&acme).await.unwrap();
    let take = |column: &str| {
        format!(
            "UPDATE contacts SET {column}_bidx = (SELECT {column}_bidx FROM contacts WHERE id = '{}') WHERE id = '{}'",
            ada.id, eve.id
        )
    };
    test.sql(&take("phone")).await;
    assert_eq!(emails(&Contact::query().filter(|c| c.phone.eq("1")).all(&acme).await.unwrap()), ["ada"]);
    // A value that does not open is not left out in silence, though its row is read without opening it.
    let moved =
        format!("{}; UPDATE contacts SET card = (SELECT card FROM contacts WHERE id = '{}')", take("card"), ada.id);
    test.sql(&moved).await;
    assert_eq!(Contact::query().count(&acme).await.unwrap(), 2);
    let error = Contact::query().filter(|c| c.card.eq("1111")).all(&acme).await.refused();
    assert!(error.is_altered() && error.to_string().contains("contacts.card"), "{error}");
}
