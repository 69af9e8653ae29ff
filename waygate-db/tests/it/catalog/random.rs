//! Plans between models at random.

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use waygate_db::catalog::Catalog;

use super::changes::turn;
use super::graph::{Graph, any_graph, changed_graph};
use super::torture::{empty, read};
use crate::support::database::Database;

/// How many pairs are tried, unless `PROPTEST_CASES` says.
const CASES: u32 = 8;

#[test]
fn a_plan_turns_models_into_changed_ones() {
    check(CASES, changed_graph());
}

#[test]
fn a_plan_turns_models_into_any_others() {
    check(CASES, (any_graph(), any_graph()));
}

/// Tries pairs, and tells by which seed the same are tried again.
fn check(cases: u32, pairs: impl proptest::strategy::Strategy<Value = (Graph, Graph)>) {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let seed = number("PROPTEST_RNG_SEED").unwrap_or_else(rand_seed);
    let cases = number("PROPTEST_CASES").and_then(|cases| u32::try_from(cases).ok()).unwrap_or(cases);
    let config = Config {
        cases,
        max_shrink_iters: 40,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let databases = std::cell::RefCell::new(None);
    let outcome = TestRunner::new(config).run(&pairs, |(from, to)| {
        runtime.block_on(async {
            let mut pair = match databases.take() {
                Some(pair) => pair,
                None => Pair::new().await,
            };
            pair.turn(&from.sql(), &to.sql()).await.map_err(TestCaseError::fail)?;
            databases.replace(Some(pair));
            Ok(())
        })
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, (from, to))) => {
            panic!("PROPTEST_RNG_SEED={seed}: {reason}\nfrom {from:#?}\nto {to:#?}")
        }
        Err(error) => panic!("PROPTEST_RNG_SEED={seed}: {error}"),
    }
}

fn rand_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_nanos() % u128::from(u64::MAX)).unwrap()
}

/// Two databases that are empty before and after each pair of schemas.
struct Pair {
    one: Database,
    other: Database,
    nothing: Catalog,
}

impl Pair {
    async fn new() -> Self {
        let (one, other) = (empty().await, empty().await);
        let nothing = read(&one).await;
        Self { one, other, nothing }
    }

    /// Turns the one schema into the other, and both databases into empty ones again. One that failed is not used again.
    async fn turn(&mut self, from: &str, to: &str) -> Result<(), String> {
        self.one.deploy(from).await;
        self.other.deploy(to).await;
        let (from, to) = (read(&self.one).await, read(&self.other).await);
        turn(&self.one, &from, &to).await?;
        turn(&self.one, &to, &self.nothing).await?;
        turn(&self.other, &to, &self.nothing).await
    }
}
