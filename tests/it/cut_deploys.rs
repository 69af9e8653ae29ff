//! A deploy whose connection breaks after any number of bytes, either way: the next one goes on to the same end.

use waygate_db::Maintenance;
use waygate_db::local::Urls;
use waygate_db::migrate::{DeployOptions, Migration, deploy};

use crate::support::steps::{GATED, assert_done_once};
use crate::support::{EmptyDb, Proxy, Way};

/// At how many places of a deploy its connection breaks, each way.
const CUTS: u64 = 20;

fn files() -> Vec<Migration> {
    GATED.map(|(id, up)| Migration::embedded(id, up, None)).into()
}

/// Deploys through the proxy; says whether it came to the end.
async fn through(proxy: &Proxy, urls: &Urls) -> bool {
    let Ok(mut session) = Maintenance::connect(&proxy.url(&urls.migrator).to_config()).await else { return false };
    deploy(&mut session, &files(), DeployOptions::default(), &mut |_| {}).await.is_ok()
}

#[tokio::test]
async fn a_connection_that_breaks_anywhere_loses_and_repeats_nothing() {
    let whole = EmptyDb::new().await;
    let proxy = Proxy::before(&whole.scratch.urls().migrator).await;
    assert!(through(&proxy, whole.scratch.urls()).await);
    let (out, back) = (proxy.passed(Way::Out), proxy.passed(Way::Back));
    let cuts = [(Way::Out, out), (Way::Back, back)]
        .into_iter()
        .flat_map(|(way, bytes)| (1..=CUTS).map(move |cut| (way, bytes * cut / (CUTS + 1))));
    let cuts: Vec<_> = cuts.collect();
    let mut broken = 0;
    // Several at a time: the server takes up to two seconds to see that a client is gone.
    for some in cuts.chunks(8) {
        broken += futures_util::future::join_all(some.iter().map(|(way, bytes)| cut(*way, *bytes)))
            .await
            .into_iter()
            .filter(|broke| *broke)
            .count();
    }
    assert!(broken > 30, "{broken} deploys of 40 broke");
}

/// Breaks a deploy there and runs the next; says whether the first one broke.
async fn cut(way: Way, bytes: u64) -> bool {
    let empty = EmptyDb::new().await;
    let urls = empty.scratch.urls();
    let proxy = Proxy::before(&urls.migrator).await;
    proxy.cut_after(way, bytes);
    let broke = !through(&proxy, urls).await;
    empty.scratch.deploy(&files()).await.unwrap();
    assert_done_once(&urls.admin, &format!("cut after {bytes} bytes {way:?}")).await;
    broke
}
