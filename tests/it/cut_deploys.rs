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
    let mut broken = 0;
    for (way, bytes) in [(Way::Out, out), (Way::Back, back)] {
        for cut in 1..=CUTS {
            let empty = EmptyDb::new().await;
            let urls = empty.scratch.urls();
            let proxy = Proxy::before(&urls.migrator).await;
            proxy.cut_after(way, bytes * cut / (CUTS + 1));
            broken += u32::from(!through(&proxy, urls).await);
            // The server has seen the end of the connection, or does within seconds.
            empty.scratch.deploy(&files()).await.unwrap();
            assert_done_once(&urls.admin, &format!("cut after {cut}/{CUTS} of {way:?}")).await;
        }
    }
    assert!(broken > 30, "{broken} deploys of 40 broke");
}
