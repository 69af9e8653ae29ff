//! Many calls at once on one connection, tables that change under them, and statements that two tenants share.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use waygate::models::{Action, FieldMapping, Integration, RequestLog};
use waygate_db::{Db, Error, Id, Model, Result, TenantScope};

use super::{Dice, LeftBehind, Tally, family, halves, report};
use crate::support::{Login, Rows, TestDb, integration};

/// How the server planned what is prepared on the app's connection.
#[derive(Model, Debug)]
#[model(table = "plans", shared)]
struct Plans {
    #[model(key)]
    id: Id<Plans>,
    generic: i64,
}

impl Plans {
    async fn show(test: &TestDb) {
        let view = "CREATE VIEW plans AS SELECT gen_random_uuid() AS id, sum(generic_plans)::int8 AS generic \
                    FROM pg_prepared_statements; GRANT SELECT ON plans TO waygate_app";
        test.rows_of(Login::Owner, view).await;
    }

    /// How many generic plans were used on this database's one connection.
    async fn generic(db: &Db) -> i64 {
        Self::query().one(db).await.unwrap().generic
    }
}

/// One call, whose rows have to be the tenant's.
async fn call(scope: &TenantScope, kind: u64, number: u64) -> Result<Vec<Integration>> {
    match kind {
        0 => Integration::query().limit(5).all(scope).await,
        1 => integration(&format!("insert-{number}"), scope).await.map(|row| vec![row]),
        2 => scope.transaction(async |tx| family(&format!("family-{number}"), tx).await).await.map(|row| vec![row]),
        _ => Ok(Integration::query().page(None, 3, scope).await?.items),
    }
}

#[tokio::test]
async fn calls_of_two_tenants_polled_in_turn_on_one_connection_keep_apart() {
    const ROUNDS: u64 = 10;
    const CALLS: u64 = 60;
    let test = TestDb::configured(|config| config.pool_size(1).wait(Duration::from_secs(60))).await;
    LeftBehind::show(&test).await;
    let tenants = [test.tenant("acme").await, test.tenant("other").await];
    let mut dice = Dice::new(7);
    let mut tally = Tally::default();
    for round in 0..ROUNDS {
        let calls = (0..CALLS).map(|number| {
            let scope = &tenants[usize::try_from(dice.below(2)).unwrap()];
            call(scope, dice.below(4), round * CALLS + number).map(|result| (scope.id(), result))
        });
        for (tenant, result) in join_all(calls.collect::<Vec<_>>()).await {
            match result {
                Ok(rows) => tally.see(tenant, &rows),
                Err(error) => tally.fail(&error),
            }
        }
        tally.see_left(LeftBehind::read(&test.db).await);
    }
    let halves = halves(&test).await;
    report(format_args!(
        "calls polled in turn on one connection: {}, leaks found: {}, halves found: {halves}, errors: {}",
        ROUNDS * CALLS,
        tally.leaks,
        tally.errors
    ));
    assert_eq!((tally.leaks, halves, tally.errors), (0, 0, 0), "{:?}", tally.first_error);
}

#[tokio::test]
async fn statements_polled_in_turn_inside_one_transaction_are_all_its_own() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    integration("theirs", &other).await.unwrap();
    let rows = acme.transaction(async |tx| {
        let slugs: Vec<_> = (0..30).map(|number| format!("at-once-{number}")).collect();
        let inserts = join_all(slugs.iter().map(|slug| integration(slug, tx)));
        let (rows, _) = tokio::join!(inserts, join_all((0..10).map(|_| Integration::query().count(tx))));
        rows.into_iter().collect::<Result<Vec<_>>>()
    });
    let rows = rows.await.unwrap();
    assert!(rows.iter().all(|row| row.tenant_id == acme.id()));
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 30);
    assert_eq!(Integration::query().count(&other).await.unwrap(), 1);
}

#[tokio::test]
async fn a_panic_at_any_statement_of_a_transaction_leaves_nothing() {
    const PANICS: usize = 60;
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    LeftBehind::show(&test).await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let mut tally = Tally::default();
    for panic in 0..PANICS {
        let work = acme.transaction(async |tx| {
            let parent = integration("panics", tx).await?;
            for step in 0..3 {
                assert!(step != panic % 3, "on purpose");
                Integration::update(parent.id).name(format!("step {step}")).exec(tx).await?;
            }
            Ok::<_, Error>(())
        });
        assert!(std::panic::AssertUnwindSafe(work).catch_unwind().await.is_err());
        tally.see_left(LeftBehind::read(&test.db).await);
        tally.see(other.id(), &[integration(&format!("after-{panic}"), &other).await.unwrap()]);
        assert_eq!(Integration::query().count(&acme).await.unwrap(), 0);
    }
    report(format_args!("panics inside a transaction: {PANICS}, leaks found: {}, rows left: 0", tally.leaks));
    assert_eq!((tally.leaks, tally.errors), (0, 0), "{:?}", tally.first_error);
}

#[tokio::test]
async fn tables_that_change_between_prepare_and_execute_keep_the_tenant() {
    const CHANGES: usize = 24;
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let tenants = [test.tenant("acme").await, test.tenant("other").await];
    let mut kept = Vec::new();
    for tenant in &tenants {
        kept.push(integration("kept", tenant).await.unwrap());
    }
    let mut tally = Tally::default();
    for change in 0..CHANGES {
        let ddl = match change % 4 {
            0 => format!("ALTER TABLE integrations ADD COLUMN more_{change} text"),
            1 => "ALTER TABLE integrations ALTER COLUMN description TYPE varchar(4000)".to_owned(),
            2 => "ALTER TABLE integrations ALTER COLUMN description TYPE text".to_owned(),
            _ => {
                "DROP INDEX integrations_tags_idx; CREATE INDEX integrations_tags_idx ON integrations USING gin (tags)"
                    .to_owned()
            }
        };
        test.rows_of(Login::Owner, &ddl).await;
        for (index, scope) in tenants.iter().enumerate() {
            let own = kept[(index + change) % 2].id == kept[index].id;
            let found = Integration::find(kept[(index + change) % 2].id, scope).await.unwrap();
            assert_eq!(found.is_some(), own);
            tally.see(scope.id(), &Integration::query().all(scope).await.unwrap());
            let row = integration(&format!("after-{change}"), scope).await.unwrap();
            tally.see(scope.id(), std::slice::from_ref(&row));
            Integration::update(row.id).name("changed").exec(scope).await.unwrap();
            assert!(Integration::delete(row.id).exec(scope).await.unwrap());
        }
    }
    report(format_args!("changes of a table under prepared statements: {CHANGES}, leaks found: {}", tally.leaks));
    assert_eq!(tally.leaks, 0);
    assert_eq!(test.count("integrations").await, 2);
}

#[tokio::test]
async fn two_tenants_that_share_a_prepared_statement_under_a_generic_plan_keep_apart() {
    const TURNS: usize = 12;
    for mode in ["force_generic_plan", "auto", "force_custom_plan"] {
        let test = TestDb::new().await;
        Plans::show(&test).await;
        let rows = [Rows::of(&test, "acme").await, Rows::of(&test, "other").await];
        let set = format!("ALTER ROLE waygate_app IN DATABASE {} SET plan_cache_mode = {mode}", test.name());
        test.rows_of(Login::Admin, &set).await;
        let db = Db::connect(test.config().pool_size(1)).await.unwrap();
        let mut leaks = 0;
        for turn in 0..TURNS {
            let (own, foreign) = (&rows[turn % 2], &rows[(turn + 1) % 2]);
            let scope = db.tenant(own.tenant.id);
            let all = Integration::query().all(&scope).await.unwrap();
            leaks += all.iter().filter(|row| row.id != own.integration.id).count();
            assert_eq!(all.len(), 1);
            leaks += usize::from(Integration::find(foreign.integration.id, &scope).await.unwrap().is_some());
            leaks += usize::from(Action::find(foreign.action.id, &scope).await.unwrap().is_some());
            leaks += usize::from(FieldMapping::find(foreign.mapping.id, &scope).await.unwrap().is_some());
            leaks += usize::from(RequestLog::find(foreign.log.id, &scope).await.unwrap().is_some());
            assert!(
                Integration::update(foreign.integration.id).name("x").exec(&scope).await.unwrap_err().is_not_found()
            );
            let written = integration(&format!("turn-{turn}"), &scope).await.unwrap();
            leaks += usize::from(written.tenant_id != own.tenant.id);
            assert!(Integration::delete(written.id).exec(&scope).await.unwrap());
        }
        let generic = Plans::generic(&db).await;
        report(format_args!(
            "turns of two tenants under {mode}: {TURNS}, generic plans: {generic}, leaks found: {leaks}"
        ));
        assert_eq!(leaks, 0);
        match mode {
            "force_generic_plan" => assert!(generic > 0, "nothing was planned once for both"),
            "force_custom_plan" => assert_eq!(generic, 0),
            _ => {}
        }
    }
}
