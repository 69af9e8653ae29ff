//! Futures dropped on the way: after so many polls, at once or a moment later, while answers are under way.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use waygate::models::Integration;
use waygate_db::{Config, Db, Error, Model, Result, ServiceScope, TenantScope};

use super::{Dice, LeftBehind, Tally, family, halves, report};
use crate::support::{Login, TestDb, integration};

/// How many polls a call may get at most: few for one whose statement is prepared, many for a transaction that has to
/// connect and to prepare first.
const MOST_POLLS: [u64; 5] = [1, 2, 3, 6, 20];
/// Rows of a lane's tenant, before it deletes them.
const MOST_ROWS: u64 = 40;

/// Two tenants that share a pool of one connection.
struct Lane {
    db: Db,
    service: ServiceScope,
    tenants: [TenantScope; 2],
    dice: Dice,
    tally: Tally,
}

impl Lane {
    async fn new(test: &TestDb, config: Config, seed: u64) -> Self {
        let db = Db::connect(config.pool_size(1).wait(Duration::from_secs(60))).await.unwrap();
        let tenants = [db.tenant(test.tenant("acme").await.id()), db.tenant(test.tenant("other").await.id())];
        let service = db.service("adversary");
        for tenant in &tenants {
            integration("pair", tenant).await.unwrap();
        }
        Self { db, service, tenants, dice: Dice::new(seed), tally: Tally::default() }
    }

    /// Drops so many calls of the one and the other tenant in turn; after each, somebody else uses the connection.
    async fn suffer(mut self, drops: u64) -> Tally {
        let mut drop = 0;
        // After an error the connection is in nobody knows what state, and the suite has failed.
        while self.tally.dropped < drops && self.tally.errors + self.tally.leaks == 0 {
            let [one, other] = if drop % 2 == 0 { [0, 1] } else { [1, 0] };
            self.drop_one(one, drop).await;
            // Without a look in between, the next drop hits a connection that is being opened.
            if self.dice.below(4) > 0 {
                self.look(other, drop).await;
            }
            if drop % 10 == 0 {
                self.tally.see_left(LeftBehind::read(&self.db).await);
            }
            drop += 1;
        }
        for tenant in [0, 1] {
            self.look(tenant, drop).await;
        }
        self.tally
    }

    async fn drop_one(&mut self, tenant: usize, drop: u64) {
        let scope = self.tenants[tenant].clone();
        let most = MOST_POLLS[usize::try_from(self.dice.below(5)).unwrap()];
        let (polls, linger) = (1 + self.dice.below(most), self.dice.linger());
        let call = call(self.dice.below(6), &scope, &self.service, drop);
        match drop_after(call, polls, linger).await {
            None => {
                self.tally.dropped += 1;
                self.tally.deepest = self.tally.deepest.max(polls);
            }
            Some(Ok(seen)) => {
                self.tally.finished += 1;
                self.tally.see(scope.id(), &seen);
            }
            Some(Err(error)) => self.tally.fail(&error),
        }
    }

    /// A tenant reads and writes after the other's call was dropped. What it writes is stamped with the tenant that the
    /// connection's transaction is set to.
    async fn look(&mut self, tenant: usize, drop: u64) {
        let scope = &self.tenants[tenant];
        match Integration::query().order_by(|row| row.created_at.desc()).limit(5).all(scope).await {
            Ok(rows) => self.tally.see(scope.id(), &rows),
            Err(error) => self.tally.fail(&error),
        }
        match integration(&format!("look-{drop}-{tenant}"), scope).await {
            Ok(row) => self.tally.see(scope.id(), &[row]),
            Err(error) => self.tally.fail(&error),
        }
        if drop % MOST_ROWS < 2
            && let Err(error) = clear(scope).await
        {
            self.tally.fail(&error);
        }
    }
}

/// A call of one kind: what it saw of the tenant's integrations.
async fn call(kind: u64, scope: &TenantScope, service: &ServiceScope, drop: u64) -> Result<Vec<Integration>> {
    match kind {
        0 => Integration::query().limit(5).all(scope).await,
        1 => integration(&format!("insert-{drop}"), scope).await.map(|row| vec![row]),
        2 => {
            let mark = format!("mark-{drop}");
            let pair = Integration::query().filter(|row| row.slug.eq("pair")).one(scope).await?;
            Integration::update(pair.id).name(mark.clone()).description(mark).exec(scope).await?;
            Ok(vec![pair])
        }
        3 => scope.transaction(async |tx| family(&format!("family-{drop}"), tx).await).await.map(|row| vec![row]),
        4 => service
            .for_tenant(scope.id())
            .transaction(async |tx| family(&format!("family-{drop}"), tx).await)
            .await
            .map(|row| vec![row]),
        _ => Integration::query().limit(5).all(&service.for_tenant(scope.id())).await,
    }
}

/// Deletes what was written, less the pair and the families, at which somebody looks in the end.
async fn clear(scope: &TenantScope) -> Result<(), Error> {
    for row in Integration::query().filter(|row| row.slug.starts_with("look-")).all(scope).await? {
        Integration::delete(row.id).exec(scope).await?;
    }
    Ok(())
}

/// Polls a future when it is woken, at most so many times; then waits a little and drops it.
async fn drop_after<F: Future>(future: F, polls: u64, linger: Duration) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    let output = poll_fn(|cx| {
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    let output = output.await;
    if output.is_none() && !linger.is_zero() {
        tokio::time::sleep(linger).await;
    }
    output
}

/// Drops so many futures on lanes that suffer at the same time, and reports.
async fn drop_futures(drops: u64, lanes: u64, test: &TestDb, through: &str) {
    LeftBehind::show(test).await;
    // A transaction that nobody ends holds its locks: that shall be an error, and not a wait without end.
    test.rows_of(Login::Admin, &format!("ALTER DATABASE {} SET lock_timeout = '20s'", test.name())).await;
    let start = Instant::now();
    let mut suffering = Vec::new();
    for seed in 0..lanes {
        suffering.push(Lane::new(test, test.config(), seed).await.suffer(drops / lanes));
    }
    let tallies = join_all(suffering.into_iter().map(tokio::spawn)).await.into_iter().map(|tally| tally.unwrap());
    let tally = tallies.fold(Tally::default(), Tally::plus);
    let halves = halves(test).await;
    report(format_args!(
        "futures dropped{through}: {} (after 1 to {} polls), finished before: {}, leaks found: {}, \
         halves found: {halves}, errors: {}, in {} s",
        tally.dropped,
        tally.deepest,
        tally.finished,
        tally.leaks,
        tally.errors,
        start.elapsed().as_secs()
    ));
    assert_eq!((tally.dropped, tally.leaks, halves, tally.errors), (drops, 0, 0, 0), "{:?}", tally.first_error);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_futures_dropped_at_any_point_leak_nothing() {
    let test = TestDb::new().await;
    drop_futures(10_000, 4, &test, "").await;
    // Those of the test itself: the lanes' pools went with them.
    test.wait_for_connections(0..=8).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_futures_dropped_before_a_pooler_leak_nothing() {
    // All four tenants share its one connection to the server.
    let Some(test) = TestDb::pooled(1).await else { return };
    drop_futures(1_000, 2, &test, " before PgBouncer").await;
    test.wait_for_connections(0..=2).await;
}
