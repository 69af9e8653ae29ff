//! The service: a login of its own, announced before it acts; and the keys' rules.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use waygate::models::{Integration, Tenant};
use waygate_db::{Error, Model};

use crate::support::{Login, Outcome, Rows, TestDb, integration, random_hash, refusal};

/// The reasons in the log, oldest first.
async fn reasons(test: &TestDb) -> Vec<String> {
    let rows =
        test.rows_of(Login::Service, "SELECT reason FROM waygate.service_log WHERE reason <> 'test' ORDER BY at");
    rows.await.into_iter().flatten().flatten().collect()
}

#[tokio::test]
async fn a_scope_says_once_why_it_acts_before_it_does() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let service = test.db.service("count integrations");
    assert_eq!(service.reason(), "count integrations");
    assert_eq!(reasons(&test).await, [""; 0], "taking the handle touches nothing");
    for _ in 0..3 {
        Integration::query().count(&service).await.unwrap();
    }
    let for_acme = service.for_tenant(acme.id());
    integration("slack", &for_acme).await.unwrap();
    service.clone().transaction(async |tx| Tenant::query().count(tx).await).await.unwrap();
    assert_eq!(reasons(&test).await, ["count integrations"]);
    Tenant::query().count(&test.db.service("again")).await.unwrap();
    assert_eq!(reasons(&test).await, ["count integrations", "again"]);

    let who = "SELECT role || ' ' || application FROM waygate.service_log WHERE reason = 'again'";
    assert_eq!(test.value(Login::Service, who).await, "waygate_service waygate");
}

#[tokio::test]
async fn a_rollback_does_not_take_the_announcement_back() {
    let test = TestDb::new().await;
    let service = test.db.service("a failed change");
    let result = service
        .transaction(async |tx| {
            Tenant::create().name("T").email("t@example.org").waygate_api_key_hash(random_hash()).insert(tx).await?;
            Tenant::create().name("T").email("t@example.org").waygate_api_key_hash(random_hash()).insert(tx).await?;
            Ok::<_, Error>(())
        })
        .await;
    assert!(refusal(result).is_unique_violation());
    assert_eq!(test.count("tenants").await, 0);
    assert_eq!(reasons(&test).await, ["a failed change"]);
}

#[tokio::test]
async fn a_reason_may_be_any_text() {
    let test = TestDb::new().await;
    for reason in ["", "it's \"quoted\"; DROP TABLE tenants", "größe \u{1f980}"] {
        Tenant::query().count(&test.db.service(reason)).await.unwrap();
    }
    assert_eq!(reasons(&test).await.len(), 3);
    let broken = Tenant::query().count(&test.db.service("with a NUL \0")).await.refused();
    assert!(broken.is_invalid_value(), "{broken}");
}

#[tokio::test]
async fn without_a_service_login_there_is_no_service() {
    let test = TestDb::new().await;
    let config = waygate_db::Config::new(test.urls().app.clone()).pool_size(1);
    let db = waygate_db::Db::connect(config).await.unwrap();
    let acme = test.tenant("acme").await;
    let error = Tenant::query().count(&db.service("none")).await.refused();
    assert!(error.is_config() && error.advice().is_some(), "{error}");
    assert!(Integration::query().count(&db.service("none").for_tenant(acme.id())).await.refused().is_config());
    let result = db.service("none").transaction(async |tx| Tenant::query().count(tx).await).await;
    assert!(result.refused().is_config());
    assert_eq!(Integration::query().count(&db.tenant(acme.id())).await.unwrap(), 0, "tenants go on");
}

#[tokio::test]
async fn the_log_is_written_once_and_read_by_the_service_alone() {
    let test = TestDb::new().await;
    Tenant::query().count(&test.service()).await.unwrap();
    for change in ["UPDATE waygate.service_log SET reason = 'x'", "DELETE FROM waygate.service_log"] {
        assert!(test.sql(Login::Service, change).await.refused().is_permission_denied(), "{change}");
    }
    for by_app in ["SELECT count(*) FROM waygate.service_log", "INSERT INTO waygate.service_log (reason) VALUES ('x')"]
    {
        assert!(test.sql(Login::App, by_app).await.refused().is_permission_denied(), "{by_app}");
    }
    let forged = "INSERT INTO waygate.service_log (reason, role) VALUES ('x', 'somebody')";
    assert!(test.sql(Login::Service, forged).await.refused().is_permission_denied());
}

#[tokio::test]
async fn a_tenant_reads_and_makes_its_own_keys_and_changes_none() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    assert_eq!(test.count("waygate.data_keys").await, 2);
    let scopes = test.as_tenant(acme.tenant.id, "SELECT scope FROM waygate.data_keys").await.unwrap();
    assert_eq!(scopes, [[Some(acme.tenant.id.to_string())]]);
    assert_eq!(test.value(Login::App, "SELECT count(*) FROM waygate.data_keys").await, "0");
    let insert = |scope: String| {
        format!(
            "INSERT INTO waygate.data_keys (key_id, commitment, scope, purpose, version, state, provider, kek_id, wrapped)
             VALUES (decode(repeat('0a', 16), 'hex'), decode(repeat('0a', 32), 'hex'), '{scope}', 9, 1, 'active',
                     'env', 'k', 'w')"
        )
    };
    for scope in [other.tenant.id.to_string(), "app".to_owned()] {
        let error = test.as_tenant(acme.tenant.id, &insert(scope)).await.refused();
        assert!(error.is_permission_denied(), "{error}");
    }
    test.as_tenant(acme.tenant.id, &insert(acme.tenant.id.to_string())).await.unwrap();
    for change in ["UPDATE waygate.data_keys SET state = 'pending'", "DELETE FROM waygate.data_keys"] {
        let error = test.as_tenant(acme.tenant.id, change).await.refused();
        assert!(error.is_permission_denied(), "{change}: {error}");
    }
}

#[tokio::test]
async fn two_that_make_a_tenants_first_key_at_once_end_with_one() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = integration("slack", &acme).await.unwrap();
    let mut inserts = Vec::new();
    for number in 0..6 {
        let scope = test.another().await.tenant(acme.id());
        inserts.push(async move {
            waygate::models::IntegrationCredential::create()
                .integration_id(parent.id)
                .credential_type(waygate::models::CredentialType::Bearer)
                .encrypted_data(waygate_db::Json(waygate::models::Credential::Bearer { token: format!("t{number}") }))
                .insert(&scope)
                .await
        });
    }
    let inserted = futures_util::future::join_all(inserts).await;
    assert!(inserted.iter().all(Result::is_ok), "{inserted:?}");
    assert_eq!(test.count("waygate.data_keys").await, 1);
    let elsewhere = test.another().await.tenant(acme.id());
    let all = waygate::models::IntegrationCredential::query().all(&elsewhere).await.unwrap();
    assert_eq!(all.len(), 6);
}

#[tokio::test]
async fn the_reason_is_the_sessions_name_while_the_service_acts_and_no_longer() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let acme = test.tenant("acme").await;
    let service = test.db.service("it's \"quoted\"; DROP TABLE tenants");
    let names = "SELECT application_name FROM pg_stat_activity \
                 WHERE datname = current_database() AND usename = 'waygate_service' AND application_name LIKE 'waygate%'";
    let named = "waygate: it's \"quoted\"; DROP TABLE tenants";
    let inside = service.transaction(async |tx| {
        Tenant::query().count(tx).await?;
        Ok::<_, Error>(test.value(Login::Admin, names).await)
    });
    assert_eq!(inside.await.unwrap(), named);
    assert_eq!(test.value(Login::Admin, names).await, "waygate");
    let for_acme = service.for_tenant(acme.id());
    let inside = for_acme.transaction(async |tx| {
        Integration::query().count(tx).await?;
        Ok::<_, Error>(test.value(Login::Admin, names).await)
    });
    assert_eq!(inside.await.unwrap(), named);
    assert_eq!(test.value(Login::Admin, names).await, "waygate");
}

/// Collects the reasons of the statements' events.
#[derive(Clone, Default)]
struct Reasons(Arc<Mutex<Vec<Option<String>>>>);

impl<S: Subscriber> Layer<S> for Reasons {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Reason(Option<String>);
        impl Visit for Reason {
            fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
            fn record_str(&mut self, field: &Field, value: &str) {
                if field.name() == "waygate.service.reason" {
                    self.0 = Some(value.to_owned());
                }
            }
        }
        let mut reason = Reason(None);
        event.record(&mut reason);
        if event.metadata().target() == "waygate_db::statement" {
            self.0.lock().unwrap().push(reason.0);
        }
    }
}

#[tokio::test]
async fn the_reason_is_in_the_event_of_each_statement_of_the_service_alone() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let service = test.db.service("nightly");
    Tenant::query().count(&service).await.unwrap();
    let reasons = Reasons::default();
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(reasons.clone()));
    Integration::query().count(&acme).await.unwrap();
    Integration::query().count(&service.for_tenant(acme.id())).await.unwrap();
    service.transaction(async |tx| Tenant::query().count(tx).await).await.unwrap();
    drop(guard);
    let nightly = || Some("nightly".to_owned());
    assert_eq!(*reasons.0.lock().unwrap(), [None, nightly(), nightly()]);
}
