//! Each basic query on 1,000 integrations of one tenant, through pool and row security, against the p95 budget.
//!
//! Criterion reports estimates; the budget speaks of percentiles. So every duration of every run is kept here, warm-up
//! included, and the table at the end says p50, p95 and maximum of all of them. Ends with 1 when a p95 is over budget.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a bench ends at its first error")]

use std::cell::RefCell;
use std::env;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use criterion::Criterion;
use tokio::runtime::Runtime;
use waygate::MIGRATIONS;
use waygate::measure::{BUDGET, Measured};
use waygate::models::{AuthType, Integration, IntegrationCredential, IntegrationStatus};
use waygate::seed::{credential_id, tenant_id};
use waygate_db::cli::{print, table};
use waygate_db::local::{Cluster, Scratch};
use waygate_db::{Db, EnvKeys, Environment, Error, Id, Model, Result, TenantScope};

/// How many integrations the tenant has.
const INTEGRATIONS: usize = 1_000;
/// Integrations of one transaction of the load.
const BATCH: usize = 100;

fn main() -> ExitCode {
    let runtime = Runtime::new().expect("a runtime");
    let cluster = runtime.block_on(open()).expect("a server");
    let measured = bench(&runtime, &cluster);
    runtime.block_on(cluster.close()).expect("the server is left as it was found");
    // Without `--bench`, as in `cargo test --benches`, each query runs once, to see that it runs.
    let is_bench = env::args().any(|argument| argument == "--bench");
    report(&measured);
    if is_bench && measured.iter().any(|one| !one.keeps_budget()) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

async fn open() -> Result<Arc<Cluster>> {
    // A developer's `.env.local` names another database; only the process's own variables count here.
    Cluster::open(&Environment::from_vars(env::vars()), |_| {}).await.map(Arc::new)
}

/// Runs all benches in a database of their own.
fn bench(runtime: &Runtime, cluster: &Arc<Cluster>) -> Vec<Measured> {
    let scratch = runtime.block_on(cluster.create("waygate_bench")).expect("a database");
    let db = runtime.block_on(seeded(&scratch)).expect("a deployed and seeded database");
    let tenant = db.tenant(tenant_id());
    let ids = runtime.block_on(fill(&tenant)).expect("1,000 integrations");

    let mut criterion = Criterion::default().configure_from_args();
    let mut bench = Bench { runtime, criterion: &mut criterion, measured: Vec::new() };
    queries(&mut bench, &tenant, &ids);
    let measured = bench.measured;
    criterion.final_summary();
    db.close();
    runtime.block_on(scratch.drop()).expect("the database is dropped");
    measured
}

async fn seeded(scratch: &Scratch) -> Result<Db> {
    scratch.deploy(MIGRATIONS).await?;
    let db = Db::connect(scratch.config().keys(EnvKeys::throw_away()?)).await?;
    waygate::seed::run(&db).await?;
    Ok(db)
}

/// The integration of this number, in the making.
macro_rules! row {
    ($number:expr) => {{
        let number = $number;
        Integration::create()
            .name(format!("Integration {number}"))
            .slug(format!("integration-{number}"))
            .auth_type(AuthType::ApiKey)
            .tags(vec![format!("group-{}", number % 20)])
    }};
}

async fn fill(tenant: &TenantScope) -> Result<Vec<Id<Integration>>> {
    let mut ids = Vec::with_capacity(INTEGRATIONS);
    for first in (0..INTEGRATIONS).step_by(BATCH) {
        let batch = tenant.transaction(async |tx| {
            let mut batch = Vec::with_capacity(BATCH);
            for number in first..first + BATCH {
                batch.push(row!(number).insert(tx).await?.id);
            }
            Ok::<_, Error>(batch)
        });
        ids.extend(batch.await?);
    }
    Ok(ids)
}

fn queries(bench: &mut Bench<'_>, tenant: &TenantScope, ids: &[Id<Integration>]) {
    let turns = AtomicUsize::new(0);
    let turn = || turns.fetch_add(1, Ordering::Relaxed);
    let id = || ids[turn() % ids.len()];
    let ready = async || Ok(());

    bench.run("find", ready, async |()| Integration::find(id(), tenant).await, ignore);
    bench.run("list 50", ready, async |()| Integration::query().limit(50).all(tenant).await, ignore);
    let update = async |()| Integration::update(id()).status(IntegrationStatus::Active).exec(tenant).await;
    bench.run("update", ready, update, ignore);
    // What is inserted goes again, and what is deleted came just before, both untimed: the table keeps its size.
    let insert = async || row!(INTEGRATIONS + turn()).insert(tenant).await;
    let delete = async |row: Integration| Integration::delete(row.id).exec(tenant).await;
    bench.run("insert", ready, async |()| insert().await, async |row| delete(row).await.map(|_| ()));
    bench.run("delete", insert, delete, ignore);
    let open = async |()| {
        let row = IntegrationCredential::find(credential_id(), tenant).await?.expect("the seeded credential");
        black_box(row.encrypted_data.expose());
        Ok(())
    };
    bench.run("open a credential", ready, open, ignore);
}

async fn ignore<T>(_: T) -> Result<()> {
    Ok(())
}

/// Criterion, and every duration that it saw.
struct Bench<'a> {
    runtime: &'a Runtime,
    criterion: &'a mut Criterion,
    measured: Vec<Measured>,
}

impl Bench<'_> {
    /// Runs one query over and over; what prepares a run and what clears up after it is not timed.
    fn run<T, U>(
        &mut self,
        name: &str,
        before: impl AsyncFn() -> Result<T>,
        query: impl AsyncFn(T) -> Result<U>,
        after: impl AsyncFn(U) -> Result<()>,
    ) {
        let durations = RefCell::new(Vec::new());
        self.criterion.bench_function(name, |bencher| {
            bencher.to_async(self.runtime).iter_custom(async |runs| {
                let mut total = Duration::ZERO;
                for _ in 0..runs {
                    let given = before().await.expect(name);
                    let start = Instant::now();
                    let answer = query(given).await.expect(name);
                    let duration = start.elapsed();
                    after(answer).await.expect(name);
                    durations.borrow_mut().push(duration);
                    total += duration;
                }
                total
            });
        });
        self.measured.push(Measured::new(name, durations.into_inner()));
    }
}

/// Prints the percentiles of what ran.
fn report(measured: &[Measured]) {
    let milliseconds = |duration: Duration| format!("{:.3}", duration.as_secs_f64() * 1000.0);
    let mut out = table(&["query", "runs", "p50 ms", "p95 ms", "max ms", "budget"]);
    for one in measured.iter().filter(|one| one.runs() > 0) {
        let [p50, p95, max] = [one.percentile(50), one.percentile(95), one.max()].map(milliseconds);
        let verdict = if one.keeps_budget() { "kept" } else { "BROKEN" };
        out.add_row([one.name.clone(), one.runs().to_string(), p50, p95, max, verdict.to_owned()]);
    }
    print(format_args!("\nOn {INTEGRATIONS} integrations, against a p95 budget of {} ms", BUDGET.as_millis()));
    print(out);
}
