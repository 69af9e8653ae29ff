//! Credentials: sealed columns through every verb. What the stored bytes are is the business of `sealed`.

use chrono::{DateTime, TimeDelta, Utc};
use waygate::models::{Credential, CredentialStatus, CredentialType, IntegrationCredential};
use waygate_db::{Id, Json, Model, PgEnum};

use crate::support::{Outcome, TestDb, integration, same};

fn forms() -> [(CredentialType, Credential); 4] {
    let text = "sécret \u{1f980}".to_owned();
    [
        (
            CredentialType::Oauth2Tokens,
            Credential::Oauth2Tokens { access_token: text.clone(), token_type: "Bearer".to_owned() },
        ),
        (CredentialType::ApiKey, Credential::ApiKey { key: text.clone() }),
        (CredentialType::Basic, Credential::Basic { username: "u".to_owned(), password: text.clone() }),
        (CredentialType::Bearer, Credential::Bearer { token: text }),
    ]
}

/// Microseconds, as PostgreSQL keeps them.
fn in_an_hour() -> DateTime<Utc> {
    DateTime::from_timestamp_micros((Utc::now() + TimeDelta::hours(1)).timestamp_micros()).unwrap()
}

#[tokio::test]
async fn every_form_of_secret_is_sealed_and_opens_again() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let expiry = in_an_hour();
    for (kind, secret) in forms() {
        let written = IntegrationCredential::create()
            .integration_id(parent.id)
            .credential_type(kind)
            .encrypted_data(Json(secret.clone()))
            .encrypted_refresh_token("refresh me")
            .expires_at(expiry)
            .scopes(["read", "write"])
            .status(CredentialStatus::Expired)
            .insert(&acme)
            .await
            .unwrap();
        let found = IntegrationCredential::find(written.id, &acme).await.unwrap().unwrap();
        same(&found, &written);
        for row in [&written, &found] {
            assert!(row.encrypted_data.expose().0 == secret);
            assert_eq!(row.encrypted_refresh_token.as_ref().unwrap().expose(), "refresh me");
            assert_eq!((row.credential_type, row.status), (kind, CredentialStatus::Expired));
            assert_eq!((row.expires_at, row.scopes.as_slice()), (Some(expiry), &["read".into(), "write".into()][..]));
        }
    }
    assert_eq!(IntegrationCredential::query().all(&acme).await.unwrap().len(), 4);
}

#[tokio::test]
async fn what_is_left_out_gets_its_default() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let row = IntegrationCredential::create()
        .integration_id(parent.id)
        .credential_type(CredentialType::ApiKey)
        .encrypted_data(Json(Credential::ApiKey { key: "k".to_owned() }))
        .insert(&acme)
        .await
        .unwrap();
    assert_eq!((row.tenant_id, row.status), (acme.id(), CredentialStatus::Active));
    assert!(row.encrypted_refresh_token.is_none() && row.expires_at.is_none() && row.scopes.is_empty());
}

#[tokio::test]
async fn a_secret_is_replaced_and_an_optional_one_taken_back() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let row = IntegrationCredential::create()
        .integration_id(parent.id)
        .credential_type(CredentialType::Bearer)
        .encrypted_data(Json(Credential::Bearer { token: "old".to_owned() }))
        .encrypted_refresh_token("old refresh")
        .insert(&acme)
        .await
        .unwrap();
    let new = Credential::Bearer { token: "new".to_owned() };
    IntegrationCredential::update(row.id).encrypted_data(Json(new.clone())).exec(&acme).await.unwrap();
    let patched = row.patch().encrypted_refresh_token(None).save(&acme).await.unwrap();
    assert!(patched.encrypted_data.expose().0 == new);
    assert!(patched.encrypted_refresh_token.is_none());
    let without = IntegrationCredential::query().filter(|one| one.encrypted_refresh_token.is_null());
    assert_eq!(without.count(&acme).await.unwrap(), 1);
    let again = patched.patch().encrypted_refresh_token("").save(&acme).await.unwrap();
    assert_eq!(again.encrypted_refresh_token.unwrap().expose(), "", "an empty secret is a secret");
    assert!(IntegrationCredential::delete(row.id).exec(&acme).await.unwrap());
    assert_eq!(test.count("integration_credentials").await, 0);
}

#[tokio::test]
async fn every_label_of_both_enums_reads_back() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let row = IntegrationCredential::create()
        .integration_id(parent.id)
        .credential_type(CredentialType::ApiKey)
        .encrypted_data(Json(Credential::ApiKey { key: "k".to_owned() }))
        .insert(&acme)
        .await
        .unwrap();
    for kind in <CredentialType as PgEnum>::ALL {
        assert_eq!(row.patch().credential_type(*kind).save(&acme).await.unwrap().credential_type, *kind);
    }
    for status in <CredentialStatus as PgEnum>::ALL {
        assert_eq!(row.patch().status(*status).save(&acme).await.unwrap().status, *status);
    }
}

#[tokio::test]
async fn anothers_parent_is_refused_exactly_like_a_missing_one() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let foreign = integration("foreign", &other).await.unwrap();
    let create = |parent| {
        IntegrationCredential::create()
            .integration_id(parent)
            .credential_type(CredentialType::ApiKey)
            .encrypted_data(Json(Credential::ApiKey { key: "k".to_owned() }))
            .insert(&acme)
    };
    let (foreign, missing) = (create(foreign.id).await.refused(), create(Id::new()).await.refused());
    assert!(foreign.is_foreign_key_violation());
    assert_eq!(format!("{foreign:?}"), format!("{missing:?}"));
}
