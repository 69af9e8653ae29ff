//! The pool: fair, patient for so long, and rid of every connection that may not be as it was.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use waygate::models::Integration;
use waygate_db::{Error, Model};

use crate::support::{Login, Outcome, TestDb, integration, refusal};

#[tokio::test]
async fn one_connection_serves_many_tasks_in_the_order_they_came() {
    let test = TestDb::configured(|config| config.pool_size(1).wait(Duration::from_secs(30))).await;
    let acme = test.tenant("acme").await;
    integration("slack", &acme).await.unwrap();
    let served = Arc::new(Mutex::new(Vec::new()));
    let tasks = (0..20).map(|number| {
        let (acme, served) = (acme.clone(), Arc::clone(&served));
        tokio::spawn(async move {
            assert_eq!(Integration::query().count(&acme).await.unwrap(), 1);
            served.lock().unwrap().push(number);
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(*served.lock().unwrap(), (0..20).collect::<Vec<_>>());
    test.wait_for_connections(1..=2).await;
}

#[tokio::test]
async fn a_task_that_asks_again_does_not_overtake_those_who_wait() {
    let test = TestDb::configured(|config| config.pool_size(1).wait(Duration::from_secs(30))).await;
    let acme = test.tenant("acme").await;
    let counts: Arc<[AtomicUsize; 3]> = Arc::default();
    let tasks = (0..3).map(|task| {
        let (acme, counts) = (acme.clone(), Arc::clone(&counts));
        tokio::spawn(async move {
            let mut furthest = 0;
            for _ in 0..50 {
                Integration::query().count(&acme).await.unwrap();
                let own = counts[task].fetch_add(1, Ordering::Relaxed) + 1;
                let others = counts.iter().map(|count| count.load(Ordering::Relaxed)).min().unwrap();
                furthest = furthest.max(own - others);
            }
            furthest
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        assert!(task.await.unwrap() <= 2, "one task was served over and over while others waited");
    }
}

#[tokio::test]
async fn who_waits_too_long_is_told_so() {
    let test = TestDb::configured(|config| config.pool_size(1).wait(Duration::from_millis(150))).await;
    let acme = test.tenant("acme").await;
    acme.transaction(async |tx| {
        let start = Instant::now();
        let error = Integration::query().count(&acme).await.refused();
        assert!(error.is_pool_timeout() && error.advice().is_some(), "{error}");
        assert!((100..5000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
        Integration::query().count(tx).await
    })
    .await
    .unwrap();
    Integration::query().count(&acme).await.unwrap();
}

#[tokio::test]
async fn a_closed_database_refuses_every_handle() {
    let test = TestDb::new().await;
    let (acme, service) = (test.tenant("acme").await, test.service());
    let elsewhere = test.another().await;
    acme.transaction(async |tx| {
        test.db.close();
        integration("finishes", tx).await
    })
    .await
    .unwrap();
    assert!(Integration::query().count(&acme).await.refused().is_closed());
    assert!(integration("slack", &acme).await.refused().is_closed());
    assert!(Integration::query().count(&service).await.refused().is_closed());
    assert!(Integration::query().count(&service.for_tenant(acme.id())).await.refused().is_closed());
    assert!(refusal(acme.transaction(async |tx| Integration::query().count(tx).await).await).is_closed());
    assert!(refusal(service.transaction(async |tx| Integration::query().count(tx).await).await).is_closed());
    test.db.close();
    assert_eq!(Integration::query().count(&elsewhere.tenant(acme.id())).await.unwrap(), 1, "others stay open");
}

#[tokio::test]
async fn closing_ends_a_wait_in_line() {
    let test = TestDb::configured(|config| config.pool_size(1).wait(Duration::from_secs(30))).await;
    let acme = test.tenant("acme").await;
    acme.transaction(async |tx| {
        let close = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            test.db.close();
        };
        let (waiting, ()) = tokio::join!(Integration::query().count(&acme), close);
        assert!(waiting.refused().is_closed());
        integration("finishes", tx).await
    })
    .await
    .unwrap();
    assert_eq!(test.count("integrations").await, 1);
}

#[tokio::test]
async fn after_its_connections_were_killed_the_next_call_works() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    for round in 0..3 {
        let warm = (0..4).map(|_| Integration::query().count(&acme));
        for counted in futures_util::future::join_all(warm).await {
            assert_eq!(counted.unwrap(), round);
        }
        test.kill_connections().await;
        integration(&format!("after-{round}"), &acme).await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_killed_in_a_transaction_is_a_lost_one_and_nothing_stays() {
    let test = TestDb::new().await;
    let acme = test.tenant("acme").await;
    let result = acme
        .transaction(async |tx| {
            integration("lost", tx).await?;
            test.kill_connections().await;
            integration("never", tx).await
        })
        .await;
    let error = result.refused();
    assert!(error.is_connection_lost(), "{error}");
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 0);

    let at_commit = acme
        .transaction(async |tx| {
            integration("lost", tx).await?;
            test.kill_connections().await;
            Ok::<_, Error>(())
        })
        .await;
    assert!(refusal(at_commit).is_connection_lost());
    assert_eq!(Integration::query().count(&acme).await.unwrap(), 0);
}

/// Polls a future so many times, letting the connection work in between, and drops it.
async fn poll_and_drop<F: Future>(future: F, polls: usize) {
    let mut future = pin!(future);
    for _ in 0..polls {
        let done = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_ready())).await;
        if done {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn futures_dropped_on_the_way_leak_nothing_into_the_next_tenants_session() {
    let test = TestDb::configured(|config| config.pool_size(1).wait(Duration::from_secs(30))).await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    integration("of-acme", &acme).await.unwrap();
    integration("of-other", &other).await.unwrap();
    for round in 0..200 {
        let polls = round % 12;
        match round % 3 {
            0 => poll_and_drop(Integration::query().all(&acme), polls).await,
            1 => poll_and_drop(integration(&format!("dropped-{round}"), &acme), polls).await,
            _ => {
                let work = acme.transaction(async |tx| integration(&format!("dropped-{round}"), tx).await);
                poll_and_drop(work, polls).await;
            }
        }
        let seen = Integration::query().all(&other).await.unwrap();
        assert_eq!(seen.iter().map(|one| one.slug.as_str()).collect::<Vec<_>>(), ["of-other"], "round {round}");
        let mine = Integration::query().all(&acme).await.unwrap();
        assert!(mine.iter().all(|one| one.tenant_id == acme.id()), "round {round}");
    }
    test.wait_for_connections(1..=2).await;
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(test.value(Login::Admin, open).await, "0");
    integration("in-the-end", &other).await.unwrap();
}

#[tokio::test]
async fn a_refused_statement_leaves_its_connection_clean() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let acme = test.tenant("acme").await;
    integration("slack", &acme).await.unwrap();
    let pids = "SELECT string_agg(pid::text, ',' ORDER BY pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND application_name = 'waygate'";
    let before = test.value(Login::Admin, pids).await;
    for _ in 0..5 {
        assert!(integration("slack", &acme).await.refused().is_unique_violation());
        assert!(integration(&"x".repeat(101), &acme).await.refused().is_too_long());
        assert_eq!(Integration::query().count(&acme).await.unwrap(), 1);
    }
    assert_eq!(test.value(Login::Admin, pids).await, before, "an error costs no connection");
}

#[tokio::test]
async fn tables_that_changed_under_a_prepared_statement_cost_no_error() {
    let test = TestDb::configured(|config| config.pool_size(1)).await;
    let acme = test.tenant("acme").await;
    let row = integration("slack", &acme).await.unwrap();
    Integration::find(row.id, &acme).await.unwrap();
    let change = "ALTER TABLE integrations ALTER COLUMN description TYPE varchar(4000), ADD COLUMN more text";
    test.rows_of(Login::Owner, change).await;
    assert!(Integration::find(row.id, &acme).await.unwrap().is_some());
    integration("after", &acme).await.unwrap();
}
