//! What isolation costs when the server is 5 ms away, and what a seal costs when it is not.
//!
//! A proxy holds every byte back for 5 ms each way and counts how often the client waits for an answer. The unscoped read
//! sets no tenant; the scoped one does, and everything it sends leaves in the same flight, so the ratio of the two is the
//! price of isolation in time. Ends with 1 when a scoped read costs more than one round trip.
#![expect(clippy::expect_used, reason = "a bench ends at its first error")]

#[expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    dead_code,
    reason = "it is the tests' own, which also break connections"
)]
#[path = "../tests/it/support/proxy.rs"]
mod proxy;

use std::env;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use waygate::measure::{Measured, measure};
use waygate::models::{Action, Integration};
use waygate::seed::{integration_id, tenant_id};
use waygate::{DIALECTS, MIGRATIONS};
use waygate_db::cli::{print, table};
use waygate_db::local::{Cluster, Scratch, run_sql};
use waygate_db::{Config, Db, Dialect, EnvKeys, Environment, Id, Maintenance, Model, Result, SealKey, seal};

use proxy::Proxy;

/// For how long bytes travel, each way.
const DELAY: Duration = Duration::from_millis(5);
/// How often each read is measured; once where it is only to be seen that it runs.
const RUNS: usize = 200;

/// Reference data, which is read without a tenant.
#[derive(Model)]
#[model(table = "currencies", shared)]
struct Currency {
    #[model(key)]
    id: Id<Currency>,
    code: String,
}

const CURRENCIES: &str = "SET ROLE waygate_owner;
    CREATE TABLE currencies (id uuid PRIMARY KEY, code text NOT NULL);
    ALTER TABLE currencies DISABLE ROW LEVEL SECURITY;
    GRANT SELECT ON currencies TO waygate_app;
    INSERT INTO currencies VALUES (gen_random_uuid(), 'EUR')";

fn main() -> ExitCode {
    let runtime = Runtime::new().expect("a runtime");
    let is_bench = env::args().any(|argument| argument == "--bench");
    let is_one_trip = runtime.block_on(bench(if is_bench { RUNS } else { 1 })).expect("a server");
    if is_one_trip { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn bench(runs: usize) -> Result<bool> {
    // A developer's `.env.local` names another database; only the process's own variables count here.
    let cluster = Arc::new(Cluster::open(&Environment::from_vars(env::vars()), |_| {}).await?);
    let is_one_trip = far_away(&cluster, runs).await?;
    seals(&cluster, runs).await?;
    cluster.close().await?;
    Ok(is_one_trip)
}

/// Reads of a server that is [`DELAY`] away, beside the unscoped one.
async fn far_away(cluster: &Arc<Cluster>, runs: usize) -> Result<bool> {
    let scratch = seeded(cluster, &Dialect::Postgres, None).await?;
    run_sql(&scratch.urls().migrator, CURRENCIES).await?;
    let proxy = Proxy::before(&scratch.urls().app).await;
    let db = Db::connect(Config::new(proxy.url(&scratch.urls().app)).pool_size(1)).await?;
    let tenant = db.tenant(tenant_id());
    let unscoped = async |_| Currency::query().one(&db).await.map(|row| drop((row.id, row.code)));
    let scoped = async |_| Integration::find(integration_id(), &tenant).await.map(drop);
    let transaction =
        async |_| tenant.transaction(async |tx| Integration::find(integration_id(), tx).await.map(drop)).await;

    let mut far = Far { proxy: &proxy, runs, rows: Vec::new() };
    far.read("unscoped", unscoped).await?;
    far.read("scoped", scoped).await?;
    far.read("scoped, in a transaction of its own", transaction).await?;
    let is_one_trip = far.rows.iter().take(2).all(|row| row.trips == runs as u64);
    far.print();
    db.close();
    scratch.drop().await?;
    Ok(is_one_trip)
}

/// What was read from far away.
struct Far<'a> {
    proxy: &'a Proxy,
    runs: usize,
    rows: Vec<FarRow>,
}

struct FarRow {
    measured: Measured,
    /// How often the client waited, over all runs.
    trips: u64,
}

impl Far<'_> {
    async fn read(&mut self, name: &str, operation: impl AsyncFn(usize) -> Result<()>) -> Result<()> {
        // Connected and prepared, before anything is measured.
        self.proxy.delay(Duration::ZERO);
        operation(0).await?;
        self.proxy.delay(DELAY);
        let before = self.proxy.turns();
        let measured = measure(name, self.runs, &operation).await?;
        self.rows.push(FarRow { measured, trips: self.proxy.turns() - before });
        Ok(())
    }

    fn print(&self) {
        let mut out = table(&["read", "runs", "round trips each", "p50 ms", "p95 ms", "to unscoped"]);
        let unscoped = self.rows.first().map(|row| row.measured.percentile(50)).unwrap_or_default();
        for FarRow { measured, trips } in &self.rows {
            out.add_row([
                measured.name.clone(),
                measured.runs().to_string(),
                ratio(Duration::from_secs(*trips), Duration::from_secs(measured.runs() as u64)),
                milliseconds(measured.percentile(50)),
                milliseconds(measured.percentile(95)),
                ratio(measured.percentile(50), unscoped),
            ]);
        }
        print(format_args!("A server {} ms away, each way", DELAY.as_millis()));
        print(out);
    }
}

/// The same reads of a plain and of a sealed database, at no distance.
async fn seals(cluster: &Arc<Cluster>, runs: usize) -> Result<()> {
    let mut out = table(&["read", "dialect", "runs", "p50 ms", "p95 ms", "to plain"]);
    let mut plain: Vec<Measured> = Vec::new();
    for dialect in [Dialect::Postgres, Dialect::Sealed] {
        let (_, key) = SealKey::fresh_var()?;
        let is_sealed = dialect == Dialect::Sealed;
        let scratch = seeded(cluster, &dialect, is_sealed.then_some(key.as_str())).await?;
        let config = Config::new(scratch.urls().app.clone()).pool_size(1);
        let config = config.dialect(dialect.clone()).tenant_seal(SealKey::from_base64(&key)?);
        let db = Db::connect(config).await?;
        let tenant = db.tenant(tenant_id());
        let find = async |_| Integration::find(integration_id(), &tenant).await.map(drop);
        let list = async |_| Action::query().all(&tenant).await.map(drop);
        find(0).await?;
        list(0).await?;
        let measured = [measure("find", runs * 5, find).await?, measure("list", runs * 5, list).await?];
        for (index, one) in measured.into_iter().enumerate() {
            let base = plain.get(index).unwrap_or(&one).percentile(50);
            out.add_row([
                one.name.clone(),
                dialect.to_string(),
                one.runs().to_string(),
                milliseconds(one.percentile(50)),
                milliseconds(one.percentile(95)),
                ratio(one.percentile(50), base),
            ]);
            plain.push(one);
        }
        db.close();
        scratch.drop().await?;
    }
    print("\nA seal on the tenant");
    print(out);
    Ok(())
}

/// A database of this dialect with the development data.
async fn seeded(cluster: &Arc<Cluster>, dialect: &Dialect, seal: Option<&str>) -> Result<Scratch> {
    let scratch = cluster.create("waygate_bench").await?;
    let own = DIALECTS.iter().find(|history| history.dialect == dialect.to_string());
    scratch.deploy(own.map_or(MIGRATIONS, |history| history.migrations)).await?;
    let mut config = scratch.config().keys(EnvKeys::throw_away()?).dialect(dialect.clone());
    if let Some(key) = seal {
        let session = Maintenance::connect(&scratch.urls().migrator.to_config()).await?;
        seal::register(&session, &SealKey::from_base64(key)?).await?;
        session.close().await;
        config = config.tenant_seal(SealKey::from_base64(key)?);
    }
    let db = Db::connect(config).await?;
    waygate::seed::run(&db).await?;
    db.close();
    Ok(scratch)
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64() * 1000.0)
}

fn ratio(one: Duration, other: Duration) -> String {
    format!("{:.2}", one.as_secs_f64() / other.as_secs_f64().max(f64::MIN_POSITIVE))
}
