//! A connection that breaks after so many bytes, out or back: at any byte of a whole flight, the answer to its COMMIT
//! included.

use std::time::Duration;

use waygate::models::Integration;
use waygate_db::{Db, Result, TenantScope};

use super::{LeftBehind, Tally, family, halves, report};
use crate::support::{Login, Proxy, TestDb, Way, integration};

/// What is broken.
#[derive(Debug, Clone, Copy)]
enum Call {
    /// One row in one flight.
    Insert,
    /// Three rows in one transaction.
    Family,
}

impl Call {
    async fn make(self, scope: &TenantScope, slug: &str) -> Result<Integration> {
        match self {
            Self::Insert => integration(slug, scope).await,
            Self::Family => scope.transaction(async |tx| family(slug, tx).await).await,
        }
    }
}

/// Two tenants whose one connection goes through a proxy.
struct Line<'a> {
    test: &'a TestDb,
    proxy: Proxy,
    db: Db,
    tenants: [TenantScope; 2],
}

impl<'a> Line<'a> {
    async fn new(test: &'a TestDb) -> Self {
        let proxy = Proxy::before(&test.urls().app).await;
        let config = test.config_at(proxy.url(&test.urls().app), proxy.url(&test.urls().service));
        let db = Db::connect(config.pool_size(1).wait(Duration::from_secs(30))).await.unwrap();
        let tenants = [db.tenant(test.tenant("acme").await.id()), db.tenant(test.tenant("other").await.id())];
        Self { test, proxy, db, tenants }
    }

    /// How many bytes go this way in one call, once everything is prepared.
    async fn length(&self, way: Way, call: Call) -> u64 {
        for tenant in &self.tenants {
            call.make(tenant, &format!("warm-{way:?}-{call:?}")).await.unwrap();
        }
        let before = self.proxy.passed(way);
        call.make(&self.tenants[0], &format!("cut-{way:?}-{call:?}-0000")).await.unwrap();
        self.proxy.passed(way) - before
    }

    /// Breaks the connection after each number of bytes, or after each so many.
    async fn break_everywhere(&self, way: Way, call: Call, step: usize) -> Tally {
        let length = self.length(way, call).await;
        assert!(length > 100, "{way:?}, {call:?}: {length} bytes");
        let mut tally = Tally::default();
        for bytes in (0..length).step_by(step) {
            let (one, other) = if bytes % 2 == 0 { (0, 1) } else { (1, 0) };
            let (one, other) = (&self.tenants[one], &self.tenants[other]);
            tally.see_left(LeftBehind::read(&self.db).await);
            // The other tenant's call prepares what the broken one needs.
            match call.make(other, &format!("kept-{way:?}-{call:?}-{bytes:04}")).await {
                Ok(row) => tally.see(other.id(), &[row]),
                Err(error) => tally.fail(&error),
            }
            self.proxy.cut_after(way, bytes);
            match call.make(one, &format!("lost-{way:?}-{call:?}-{bytes:04}")).await {
                Ok(_) => panic!("{way:?}, {call:?}: acknowledged, although it broke after {bytes} of {length} bytes"),
                Err(error) if error.is_connection_lost() => tally.dropped += 1,
                Err(error) => tally.fail(&error),
            }
            assert!(self.proxy.has_cut(), "{way:?}, {call:?}, {bytes} of {length} bytes");
        }
        let kept = format!("SELECT count(*) FROM integrations WHERE slug LIKE 'kept-{way:?}-{call:?}-%'");
        let kept: u64 = self.test.value(Login::Admin, &kept).await.parse().unwrap();
        assert_eq!(kept, length.div_ceil(step as u64), "every acknowledged write is there");
        tally
    }
}

#[tokio::test]
async fn a_connection_that_breaks_at_any_byte_loses_no_acknowledged_write() {
    let test = TestDb::new().await;
    LeftBehind::show(&test).await;
    let line = Line::new(&test).await;
    let mut tally = Tally::default();
    for (call, step) in [(Call::Insert, 1), (Call::Family, 7)] {
        for way in [Way::Out, Way::Back] {
            tally = tally.plus(line.break_everywhere(way, call, step).await);
        }
    }
    let committed = async |way: Way| {
        let sql = format!("SELECT count(*) FROM integrations WHERE slug LIKE 'lost-{way:?}-%'");
        test.value(Login::Admin, &sql).await.parse::<u64>().unwrap()
    };
    let (out, back) = (committed(Way::Out).await, committed(Way::Back).await);
    let halves = halves(&test).await;
    report(format_args!(
        "connections broken at a byte: {}, committed without an answer: {back}, leaks found: {}, halves found: {halves}, \
         errors after: {}",
        tally.dropped, tally.leaks, tally.errors
    ));
    assert_eq!((tally.leaks, halves, tally.errors), (0, 0, 0), "{:?}", tally.first_error);
    assert_eq!(out, 0, "a COMMIT that did not arrive whole commits nothing");
    assert!(back > 0, "no answer to a COMMIT was lost, so this test shows nothing");
}
