//! Data keys in memory: how often their keeper is asked, and how soon a change elsewhere is heard of.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use waygate::models::{Credential, CredentialType, Integration, IntegrationCredential};
use waygate_db::{
    Db, EnvKeys, Id, Json, KeyFuture, KeyProvider, KeySecret, Model, Result, TenantScope, UnwrapRequest, WrapRequest,
    WrappedKey,
};

use crate::support::{KeyVars, Login, MARKER, Outcome, TestDb, integration};

/// A keeper that counts what it is asked, under a name of its own.
struct Counting {
    name: &'static str,
    keys: EnvKeys,
    calls: Arc<Calls>,
}

#[derive(Default)]
struct Calls {
    unwraps: AtomicUsize,
    keys: AtomicUsize,
}

impl Counting {
    fn new(name: &'static str, vars: &KeyVars) -> (Self, Arc<Calls>) {
        let calls = Arc::<Calls>::default();
        (Self { name, keys: EnvKeys::from_vars(vars.clone()).unwrap(), calls: Arc::clone(&calls) }, calls)
    }
}

impl KeyProvider for Counting {
    fn id(&self) -> &str {
        self.name
    }

    fn current_kek(&self) -> &str {
        self.keys.current_kek()
    }

    fn wrap_keys<'a>(&'a self, requests: &'a [WrapRequest<'a>]) -> KeyFuture<'a, Result<Vec<WrappedKey>>> {
        self.keys.wrap_keys(requests)
    }

    fn unwrap_keys<'a>(&'a self, requests: &'a [UnwrapRequest<'a>]) -> KeyFuture<'a, Vec<Result<KeySecret>>> {
        self.calls.unwraps.fetch_add(1, Ordering::SeqCst);
        self.calls.keys.fetch_add(requests.len(), Ordering::SeqCst);
        Box::pin(async move {
            // As long as a key service takes, so that others come meanwhile.
            tokio::time::sleep(Duration::from_millis(30)).await;
            self.keys.unwrap_keys(requests).await
        })
    }
}

async fn secret(parent: Id<Integration>, scope: &TenantScope) -> IntegrationCredential {
    IntegrationCredential::create()
        .integration_id(parent)
        .credential_type(CredentialType::ApiKey)
        .encrypted_data(Json(Credential::ApiKey { key: MARKER.to_owned() }))
        .insert(scope)
        .await
        .unwrap()
}

/// A database with so many tenants of so many secrets each.
async fn filled(tenants: usize, secrets: usize) -> (TestDb, Vec<TenantScope>, KeyVars) {
    let vars = EnvKeys::fresh_vars().unwrap();
    let keys = vars.clone();
    let test = TestDb::configured(|config| config.keys(EnvKeys::from_vars(keys).unwrap())).await;
    let mut scopes = Vec::new();
    for number in 0..tenants {
        let scope = test.tenant(&format!("t{number}")).await;
        let parent = integration("slack", &scope).await.unwrap().id;
        for _ in 0..secrets {
            secret(parent, &scope).await;
        }
        scopes.push(scope);
    }
    (test, scopes, vars)
}

/// Uses a key, waits until somebody listens for changes of keys, and uses it again: from then on nothing is forgotten.
async fn warmed(db: &Db, scope: &TenantScope) {
    let acme = db.tenant(scope.id());
    IntegrationCredential::query().limit(1).one(&acme).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    IntegrationCredential::query().limit(1).one(&acme).await.unwrap();
}

#[tokio::test]
async fn a_keeper_is_asked_once_for_all_keys_of_a_result_and_never_for_its_rows() {
    let (test, scopes, vars) = filled(6, 20).await;
    let (keeper, calls) = Counting::new("env", &vars);
    let db = Db::connect(test.config().keys(keeper)).await.unwrap();
    warmed(&db, &scopes[5]).await;
    let before = (calls.unwraps.load(Ordering::SeqCst), calls.keys.load(Ordering::SeqCst));
    let service = db.service("count");
    let rows = IntegrationCredential::query().all(&service).await.unwrap();
    assert_eq!(rows.len(), 120);
    let after = (calls.unwraps.load(Ordering::SeqCst), calls.keys.load(Ordering::SeqCst));
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 5), "the sixth is at hand");
    IntegrationCredential::query().all(&service).await.unwrap();
    assert_eq!(calls.unwraps.load(Ordering::SeqCst), after.0, "the keys are held");
}

#[tokio::test]
async fn of_many_first_readers_one_asks() {
    let (test, scopes, vars) = filled(2, 1).await;
    let (keeper, calls) = Counting::new("env", &vars);
    let db = Db::connect(test.config().keys(keeper)).await.unwrap();
    warmed(&db, &scopes[1]).await;
    let before = calls.unwraps.load(Ordering::SeqCst);
    let readers = (0..64).map(|_| {
        let acme = db.tenant(scopes[0].id());
        tokio::spawn(async move { IntegrationCredential::query().one(&acme).await.unwrap() })
    });
    for reader in readers.collect::<Vec<_>>() {
        let row = reader.await.unwrap();
        assert!(matches!(&row.encrypted_data.expose().0, Credential::ApiKey { key } if key == MARKER));
    }
    assert_eq!(calls.unwraps.load(Ordering::SeqCst) - before, 1);
}

#[tokio::test]
async fn of_many_first_writers_one_makes_the_key() {
    let test = TestDb::new().await;
    let scope = test.tenant("acme").await;
    let parent = integration("slack", &scope).await.unwrap().id;
    let mut handles = Vec::new();
    for _ in 0..4 {
        handles.push(test.another().await);
    }
    let writers = (0..32).map(|number| {
        let acme = handles[number % handles.len()].tenant(scope.id());
        tokio::spawn(async move { secret(parent, &acme).await.id })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let keys = "SELECT count(*) || ' ' || count(*) FILTER (WHERE state = 'active') FROM waygate.data_keys";
    assert_eq!(test.value(Login::Service, keys).await, "1 1");
    let anew = test.another().await.tenant(scope.id());
    assert_eq!(IntegrationCredential::query().all(&anew).await.unwrap().len(), 32);
}

/// Makes a tenant's key useless and says so to whoever listens.
fn shred(scope: &TenantScope) -> String {
    format!(
        "WITH gone AS (UPDATE waygate.data_keys SET state = 'destroyed', wrapped = NULL, destroyed_at = now()
             WHERE scope = '{}' RETURNING encode(key_id, 'hex') AS id)
         SELECT pg_notify('waygate_keys', id) FROM gone",
        scope.id()
    )
}

#[tokio::test]
async fn a_destroyed_key_is_forgotten_by_every_process_that_listens() {
    let (test, scopes, _) = filled(2, 1).await;
    let (acme, rival) = (&scopes[0], &scopes[1]);
    wait_for_an_ear(&test).await;
    test.rows_of(Login::Service, &shred(acme)).await;
    let mut error = None;
    for _ in 0..100 {
        match IntegrationCredential::query().one(acme).await {
            Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(refusal) => {
                error = Some(refusal);
                break;
            }
        }
    }
    let error = error.expect("the key is forgotten within two seconds");
    assert!(error.is_key_destroyed() && error.is_key(), "{error}");
    assert!(error.message().starts_with("integration_credentials.encrypted_data: "), "{error}");
    assert!(error.message().contains("was destroyed, at 20"), "{error}");
    IntegrationCredential::query().one(rival).await.unwrap();
}

#[tokio::test]
async fn what_was_missed_while_nobody_listened_is_made_up_for() {
    let (test, scopes, _) = filled(1, 1).await;
    wait_for_an_ear(&test).await;
    // The server listens a moment before the library hears that it does, and forgets what came before; then it holds.
    tokio::time::sleep(Duration::from_secs(1)).await;
    IntegrationCredential::query().one(&scopes[0]).await.unwrap();
    test.rows_of(Login::Service, &shred(&scopes[0]).replace("pg_notify('waygate_keys', id)", "id")).await;
    // Nobody was told, so the key is still held.
    IntegrationCredential::query().one(&scopes[0]).await.unwrap();
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND application_name = 'waygate keys'";
    test.rows_of(Login::Admin, kill).await;
    for _ in 0..150 {
        if IntegrationCredential::query().one(&scopes[0]).await.is_err_and(|error| error.is_key_destroyed()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the connection came back and forgot nothing");
}

/// Waits until the database's one listening connection listens.
async fn wait_for_an_ear(test: &TestDb) {
    let ears = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                AND application_name = 'waygate keys' AND query LIKE 'LISTEN%' AND state = 'idle'";
    for _ in 0..200 {
        if test.value(Login::Admin, ears).await == "1" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody listens");
}

#[tokio::test]
async fn nobody_listens_before_a_key_is_used_or_after_the_database_is_closed() {
    let test = TestDb::new().await;
    let scope = test.tenant("acme").await;
    let parent = integration("slack", &scope).await.unwrap().id;
    let ears = "SELECT count(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND application_name = 'waygate keys'";
    assert_eq!(test.value(Login::Admin, ears).await, "0");
    secret(parent, &scope).await;
    wait_for_an_ear(&test).await;
    test.db.close();
    for _ in 0..200 {
        if test.value(Login::Admin, ears).await == "0" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the connection outlives the database's handle");
}

#[tokio::test]
async fn a_key_is_held_no_longer_than_its_lifetime() {
    let (test, scopes, vars) = filled(1, 1).await;
    let (keeper, calls) = Counting::new("env", &vars);
    let db = Db::connect(test.config().keys(keeper).key_lifetime(Duration::from_millis(50))).await.unwrap();
    let acme = db.tenant(scopes[0].id());
    IntegrationCredential::query().one(&acme).await.unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    IntegrationCredential::query().one(&acme).await.unwrap();
    assert_eq!(calls.unwraps.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn keys_of_an_earlier_provider_open_beside_those_of_the_current_one() {
    let (test, scopes, old) = filled(1, 1).await;
    let new = EnvKeys::fresh_vars().unwrap();
    let (current, _) = Counting::new("new keeper", &new);
    let db = Db::connect(test.config().keys(current)).await.unwrap();
    let acme = db.tenant(scopes[0].id());
    let error = IntegrationCredential::query().one(&acme).await.refused();
    assert!(error.is_key_unavailable() && error.message().contains("\"env\""), "{error}");
    assert!(error.message().starts_with("integration_credentials.encrypted_data: "), "{error}");

    let (current, _) = Counting::new("new keeper", &new);
    let earlier = EnvKeys::from_vars(old).unwrap();
    let db = Db::connect(test.config().keys(current).earlier_keys(earlier)).await.unwrap();
    IntegrationCredential::query().one(&db.tenant(scopes[0].id())).await.unwrap();
    // A new tenant's key is the new keeper's.
    let other = db.tenant(test.tenant("other").await.id());
    let parent = integration("slack", &other).await.unwrap().id;
    secret(parent, &other).await;
    let providers = "SELECT string_agg(provider, ', ' ORDER BY created_at) FROM waygate.data_keys";
    assert_eq!(test.value(Login::Service, providers).await, "env, new keeper");
}
