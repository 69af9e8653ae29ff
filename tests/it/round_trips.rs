//! One round trip: how often the client waits for the server, counted by a proxy between them.

use std::time::Duration;

use uuid::Uuid;
use waygate::models::{Integration, IntegrationCredential, Tenant};
use waygate_db::{Config, Db, Dialect, Error, Id, Model, Result, SealKey, Statements};

use crate::support::supabase::dialect;
use crate::support::{Login, Proxy, Rows, SupabaseDb, TestDb, integration, trusted};

/// For how long bytes travel each way: long enough that whatever is sent before an answer arrives counts with it.
const DELAY: Duration = Duration::from_millis(3);

/// Reference data, which is read without a tenant.
#[derive(Model, Debug)]
#[model(table = "currencies", shared)]
struct Currency {
    #[model(key)]
    id: Id<Currency>,
    code: String,
}

/// Both ways of sending statements.
const BOTH: [Statements; 2] = [Statements::Cached, Statements::Unnamed];

fn seal_key() -> SealKey {
    let (_, key) = SealKey::fresh_var().unwrap();
    SealKey::from_base64(&key).unwrap()
}

/// A database that is reached through a proxy, with one connection for each login.
async fn behind_a_proxy(test: &TestDb, change: impl FnOnce(Config) -> Config) -> (Proxy, Db) {
    let proxy = Proxy::before(&test.urls().app).await;
    let config = test.config_at(proxy.url(&test.urls().app), proxy.url(&test.urls().service)).pool_size(1);
    let db = Db::connect(change(config)).await.unwrap();
    proxy.delay(DELAY);
    (proxy, db)
}

/// How often the client waited during a call that ran before, so that everything it needs is connected and prepared.
async fn turns<T>(proxy: &Proxy, mut call: impl AsyncFnMut(u32) -> Result<T>) -> u64 {
    call(0).await.unwrap();
    quiet(proxy).await;
    // Keys that were loaded before somebody listened are forgotten once, since a notice may have been missed.
    call(1).await.unwrap();
    let before = quiet(proxy).await;
    call(2).await.unwrap();
    proxy.turns() - before
}

/// The turns so far, once the connection that hears of changed keys has been made: it is no part of any call.
async fn quiet(proxy: &Proxy) -> u64 {
    loop {
        let before = proxy.turns();
        tokio::time::sleep(DELAY * 20).await;
        if proxy.turns() == before {
            return before;
        }
    }
}

#[tokio::test]
async fn an_unscoped_read_costs_one_round_trip() {
    let test = TestDb::new().await;
    let table = "CREATE TABLE currencies (id uuid PRIMARY KEY, code text NOT NULL); \
                 ALTER TABLE currencies DISABLE ROW LEVEL SECURITY; \
                 GRANT SELECT ON currencies TO waygate_app; \
                 INSERT INTO currencies VALUES (gen_random_uuid(), 'EUR')";
    test.rows_of(Login::Owner, table).await;
    for statements in BOTH {
        let (proxy, db) = behind_a_proxy(&test, |config| config.statements(statements)).await;
        let read = turns(&proxy, async |_| Currency::query().one(&db).await.map(|row| (row.id, row.code))).await;
        assert_eq!(read, 1, "{statements:?}");
        let anonymous = db.anon();
        let read = turns(&proxy, async |_| Currency::query().all(&anonymous).await).await;
        assert_eq!(read, 1, "a visitor's, {statements:?}");
    }
}

#[tokio::test]
async fn a_scoped_call_costs_one_round_trip_too() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    for statements in BOTH {
        let (proxy, db) = behind_a_proxy(&test, |config| config.statements(statements)).await;
        let acme = db.tenant(rows.tenant.id);
        let slug = |call| format!("{statements:?}-{call}");
        let of_a_tenant = [
            turns(&proxy, async |_| Integration::find(rows.integration.id, &acme).await.map(drop)).await,
            turns(&proxy, async |_| Integration::query().all(&acme).await.map(drop)).await,
            turns(&proxy, async |_| Integration::query().page(None, 5, &acme).await.map(drop)).await,
            turns(&proxy, async |_| IntegrationCredential::find(rows.credential.id, &acme).await.map(drop)).await,
            turns(&proxy, async |call| integration(&slug(call), &acme).await.map(drop)).await,
            turns(&proxy, async |_| Integration::update(rows.integration.id).name("new").exec(&acme).await).await,
            turns(&proxy, async |_| Integration::delete(Id::new()).exec(&acme).await.map(drop)).await,
        ];
        assert_eq!(of_a_tenant, [1; 7], "{statements:?}");
        let service = db.service("count round trips");
        let for_acme = service.for_tenant(rows.tenant.id);
        let of_the_service = [
            turns(&proxy, async |_| Tenant::query().count(&service).await.map(drop)).await,
            turns(&proxy, async |_| Tenant::update(rows.tenant.id).name("new").exec(&service).await).await,
            turns(&proxy, async |_| Integration::query().count(&for_acme).await.map(drop)).await,
            turns(&proxy, async |call| integration(&format!("service-{}", slug(call)), &for_acme).await.map(drop))
                .await,
        ];
        assert_eq!(of_the_service, [1; 4], "{statements:?}");
    }
}

#[tokio::test]
async fn what_a_dialect_sends_before_a_statement_costs_none() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    for statements in BOTH {
        for dialect in [Dialect::Citus, Dialect::Sealed] {
            let (proxy, db) = behind_a_proxy(&test, |config| {
                config.statements(statements).dialect(dialect.clone()).tenant_seal(seal_key())
            })
            .await;
            let acme = db.tenant(rows.tenant.id);
            let read = turns(&proxy, async |_| Integration::find(rows.integration.id, &acme).await).await;
            assert_eq!(read, 1, "{dialect}, {statements:?}");
        }
    }
}

#[tokio::test]
async fn a_role_and_claims_cost_none_either() {
    let Some(database) = SupabaseDb::deployed().await else { return };
    for statements in BOTH {
        let proxy = Proxy::before(&database.urls.app).await;
        let config = Config::new(proxy.url(&database.urls.app)).dialect(dialect()).statements(statements);
        let db = Db::connect(config.pool_size(1)).await.unwrap();
        proxy.delay(DELAY);
        let nobody = db.tenant(trusted(Uuid::now_v7()));
        let read = turns(&proxy, async |_| Integration::query().count(&nobody).await).await;
        assert_eq!(read, 1, "{statements:?}");
    }
}

#[tokio::test]
async fn a_transaction_of_k_statements_costs_k_and_two() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    for statements in BOTH {
        let (proxy, db) = behind_a_proxy(&test, |config| config.statements(statements)).await;
        let acme = db.tenant(rows.tenant.id);
        for count in [0, 1, 2, 5] {
            let transaction = async |_| {
                acme.transaction(async |tx| {
                    for _ in 0..count {
                        Integration::find(rows.integration.id, tx).await?;
                    }
                    Ok::<_, Error>(())
                })
                .await
            };
            assert_eq!(turns(&proxy, transaction).await, count + 2, "{count} statements, {statements:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_prepared_yet_costs_one_more_once() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let (proxy, db) = behind_a_proxy(&test, |config| config.statements(Statements::Cached)).await;
    let acme = db.tenant(rows.tenant.id);
    Integration::query().count(&acme).await.unwrap();
    for expected in [2, 1, 1] {
        let before = proxy.turns();
        Integration::find(rows.integration.id, &acme).await.unwrap();
        assert_eq!(proxy.turns() - before, expected);
    }
}
