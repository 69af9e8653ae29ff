//! Transactions: all or nothing, whatever ends them.

use std::fmt;
use std::time::Duration;

use waygate::models::{Action, Credential, CredentialType, Integration, IntegrationCredential, Tenant};
use waygate_db::{Error, Id, Json, Model, TenantScope};

use crate::support::{MARKER, Outcome, TestDb, action, integration, random_hash, refusal};

/// An error of a caller's own, which a transaction hands through.
#[derive(Debug)]
enum Failure {
    Changed,
    Database(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a failure")
    }
}

#[tokio::test]
async fn what_returns_ok_is_committed_whole() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let parent = acme
        .transaction(async |tx| {
            let parent = integration("slack", tx).await?;
            action(parent.id, "send", tx).await?;
            assert_eq!(Action::query().count(tx).await?, 1, "a transaction sees what it wrote");
            assert_eq!(Integration::query().count(&acme).await?, 0, "and nobody else does");
            Integration::update(parent.id).name("renamed").exec(tx).await?;
            Ok::<_, Error>(parent)
        })
        .await
        .unwrap();
    assert_eq!(Integration::find(parent.id, &acme).await.unwrap().unwrap().name, "renamed");
    assert_eq!(Action::query().count(&acme).await.unwrap(), 1);
}

#[tokio::test]
async fn what_returns_an_error_is_rolled_back_and_the_error_is_the_callers() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let result: Result<(), Failure> = acme
        .transaction(async |tx| {
            integration("slack", tx).await?;
            Err(Failure::Changed)
        })
        .await;
    assert!(matches!(result, Err(Failure::Changed)));
    assert_eq!(test.count("integrations").await, 0);

    let result: Result<(), Failure> = acme
        .transaction(async |tx| {
            integration("slack", tx).await?;
            integration("slack", tx).await?;
            Ok(())
        })
        .await;
    let Err(Failure::Database(error)) = result else { panic!("{result:?}") };
    assert!(error.is_unique_violation());
    assert_eq!(test.count("integrations").await, 0);
    integration("slack", &acme).await.unwrap();
}

#[tokio::test]
async fn a_failure_that_the_work_swallows_dooms_the_transaction() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let result = acme
        .transaction(async |tx| {
            integration(MARKER, tx).await?;
            let _ = integration(MARKER, tx).await;
            Ok::<_, Error>(())
        })
        .await;
    let error = refusal(result);
    assert!(error.is_transaction_aborted(), "{error}");
    assert!(!error.is_unique_violation());
    assert_eq!(test.count("integrations").await, 0);
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 0, "the pool is healthy");
}

#[tokio::test]
async fn a_statement_that_was_abandoned_dooms_the_transaction() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let result = acme
        .transaction(async |tx| {
            integration("kept", tx).await?;
            let insert = integration("abandoned", tx);
            let _ = tokio::time::timeout(Duration::ZERO, insert).await;
            Ok::<_, Error>(())
        })
        .await;
    // It may have been done before its time was over; else it is not known, and nothing stays.
    match result {
        Ok(()) => assert_eq!(test.count("integrations").await, 2),
        Err(error) => {
            assert!(error.is_transaction_aborted(), "{error}");
            assert_eq!(test.count("integrations").await, 0);
        }
    }
    integration("after", &acme).await.unwrap();
}

#[tokio::test]
async fn a_row_that_is_not_there_does_not_doom_it() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    acme.transaction(async |tx| {
        assert!(Integration::find(Id::new(), tx).await?.is_none());
        assert!(Integration::update(Id::new()).name("x").exec(tx).await.refused().is_not_found());
        integration("slack", tx).await
    })
    .await
    .unwrap();
    assert_eq!(test.count("integrations").await, 1);
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_and_the_pool_is_healthy() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let acme = test.tenant("acme").await;
    for _ in 0..5 {
        let work = acme.transaction(async |tx| {
            integration("slack", tx).await?;
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok::<_, Error>(())
        });
        assert!(tokio::time::timeout(Duration::from_millis(60), work).await.is_err());
        assert_eq!(Integration::query().count(&acme).await.unwrap(), 0);
    }
    integration("slack", &acme).await.unwrap();
    test.wait_for_connections(1..=2).await;
}

#[tokio::test]
async fn a_panic_in_the_work_leaves_nothing_either() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let acme = test.tenant("acme").await;
    let scope = acme.clone();
    let task = tokio::spawn(async move {
        scope
            .transaction(async |tx| {
                integration("slack", tx).await?;
                panic!("on purpose");
                #[expect(unreachable_code, reason = "it says what the closure would return")]
                Ok::<(), Error>(())
            })
            .await
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 0);
}

/// Work in a function of its own, as an application writes it.
async fn create_two(acme: TenantScope, first: String) -> Result<Id<Integration>, Error> {
    acme.transaction(async |tx| {
        let one = integration(&first, tx).await?;
        integration("second", tx).await?;
        Ok(one.id)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spawned_task_runs_one() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let id = tokio::spawn(create_two(acme.clone(), "first".to_owned())).await.unwrap().unwrap();
    assert!(Integration::find(id, &acme).await.unwrap().is_some());

    let scope = acme.clone();
    let inline = tokio::spawn(async move {
        let slug = String::from("inline");
        scope.transaction(async |tx| integration(&slug, tx).await).await
    });
    assert_eq!(inline.await.unwrap().unwrap().slug, "inline");
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 3);
}

#[tokio::test]
async fn the_service_has_transactions_over_tenants() {
    let test = TestDb::new().await;
    let service = test.service();
    let create = |name: &'static str| {
        Tenant::create().name(name).email(format!("{name}@example.org")).waygate_api_key_hash(random_hash())
    };
    let (one, two) = service
        .transaction(async |tx| {
            let one = create("one").insert(tx).await?;
            let two = create("two").insert(tx).await?;
            assert_eq!(Tenant::query().count(tx).await?, 2);
            Ok::<_, Error>((one, two))
        })
        .await
        .unwrap();
    let result = service
        .transaction(async |tx| {
            Tenant::delete(one.id).exec(tx).await?;
            Tenant::update(two.id).name("changed").exec(tx).await?;
            create("two").insert(tx).await?;
            Ok::<_, Error>(())
        })
        .await;
    assert!(refusal(result).is_unique_violation());
    assert_eq!(Tenant::query().filter(|tenant| tenant.name.eq("two")).count(&service).await.unwrap(), 1);
    assert_eq!(Tenant::query().count(&service).await.unwrap(), 2);
    let written = service.for_tenant(one.id).transaction(async |tx| integration("slack", tx).await).await.unwrap();
    assert_eq!(written.tenant_id, one.id);
}

#[tokio::test]
async fn a_transaction_reads_and_changes_its_tenants_rows_alone() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let foreign = integration("theirs", &other).await.unwrap();
    acme.transaction(async |tx| {
        assert!(Integration::find(foreign.id, tx).await?.is_none());
        assert_eq!(Integration::query().count(tx).await?, 0);
        assert!(!Integration::delete(foreign.id).exec(tx).await?);
        assert!(Integration::update(foreign.id).name("x").exec(tx).await.refused().is_not_found());
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(Integration::find(foreign.id, &other).await.unwrap().unwrap().name, "An integration");
}

#[tokio::test]
async fn a_secret_of_a_rolled_back_transaction_leaves_a_key_that_works() {
    for size in [1, 4] {
        let test = TestDb::configured(|config| config.pool_size(size)).await;
        let acme = test.tenant("acme").await;
        let parent = integration("slack", &acme).await.unwrap();
        let create = || {
            IntegrationCredential::create()
                .integration_id(parent.id)
                .credential_type(CredentialType::ApiKey)
                .encrypted_data(Json(Credential::ApiKey { key: "sealed".to_owned() }))
        };
        let rolled_back: Result<(), Failure> = acme
            .transaction(async |tx| {
                create().insert(tx).await?;
                Err(Failure::Changed)
            })
            .await;
        assert!(matches!(rolled_back, Err(Failure::Changed)), "{rolled_back:?}");
        assert_eq!(test.count("integration_credentials").await, 0);
        assert_eq!(test.count("waygate.data_keys").await, 1, "a key is made once and stays");

        let row = acme.transaction(async |tx| create().insert(tx).await).await.unwrap();
        let elsewhere = test.another().await.tenant(acme.id());
        let found = IntegrationCredential::find(row.id, &elsewhere).await.unwrap().unwrap();
        assert!(found.encrypted_data.expose().0 == Credential::ApiKey { key: "sealed".to_owned() });
        assert_eq!(test.count("waygate.data_keys").await, 1);
    }
}
