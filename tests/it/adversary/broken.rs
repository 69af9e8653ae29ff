//! A call that ends badly on the server: its backend is killed, its time is over, its COMMIT is refused.

use std::time::Duration;

use waygate::models::Integration;
use waygate_db::{Config, Db, Error, Model, Statements, TenantScope};

use super::{LeftBehind, Tally, halves, report};
use crate::support::{Login, TestDb, integration, refusal};

/// Slugs that start with `slow` keep their insert waiting; those that start with `doomed` let its COMMIT fail.
const TRIGGERS: &str = "
    CREATE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.slug LIKE 'slow%' THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END $$;
    CREATE TRIGGER doze BEFORE INSERT ON integrations FOR EACH ROW EXECUTE FUNCTION doze();
    CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.slug LIKE 'doomed%' THEN RAISE 'doomed' USING ERRCODE = '23514'; END IF; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER doom AFTER INSERT ON integrations DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION doom()";

/// Two tenants that share one connection, in a database with the triggers.
struct Pair {
    test: TestDb,
    db: Db,
    one: TenantScope,
    other: TenantScope,
}

impl Pair {
    async fn new(change: impl FnOnce(Config) -> Config) -> Self {
        let test = TestDb::new().await;
        LeftBehind::show(&test).await;
        test.rows_of(Login::Owner, TRIGGERS).await;
        let config = test.config().pool_size(1).wait(Duration::from_secs(30)).application_name("suffering");
        let db = Db::connect(change(config)).await.unwrap();
        let [one, other] = [test.tenant("acme").await.id(), test.tenant("other").await.id()];
        integration("kept", &db.tenant(one)).await.unwrap();
        Self { one: db.tenant(one), other: db.tenant(other), test, db }
    }

    /// The other tenant uses the connection: nothing is left on it, and what it writes is its own.
    async fn look(&self, tally: &mut Tally) {
        tally.see_left(LeftBehind::read(&self.db).await);
        match integration("looked", &self.other).await {
            Ok(row) => {
                tally.see(self.other.id(), std::slice::from_ref(&row));
                assert!(Integration::delete(row.id).exec(&self.other).await.unwrap());
            }
            Err(error) => tally.fail(&error),
        }
        match Integration::query().all(&self.one).await {
            Ok(rows) => {
                tally.see(self.one.id(), &rows);
                assert_eq!(rows.len(), 1, "what failed left nothing");
            }
            Err(error) => tally.fail(&error),
        }
    }

    /// The server processes of the tenants' connections that wait for this.
    async fn waiting_for(&self, event: &str) -> Vec<String> {
        let sql = format!(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'suffering' \
             AND wait_event = '{event}'"
        );
        self.test.rows_of(Login::Admin, &sql).await.into_iter().flatten().flatten().collect()
    }

    /// Waits until one of them waits for this, and kills it.
    async fn kill_when_waiting_for(&self, event: &str) {
        let pid = loop {
            match self.waiting_for(event).await.pop() {
                Some(pid) => break pid,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        };
        self.test.rows_of(Login::Admin, &format!("SELECT pg_terminate_backend({pid})")).await;
    }

    async fn finish(self, what: &str, times: u64, tally: Tally) {
        let halves = halves(&self.test).await;
        report(format_args!(
            "{what}: {times}, leaks found: {}, halves found: {halves}, errors after: {}",
            tally.leaks, tally.errors
        ));
        assert_eq!((tally.leaks, halves, tally.errors), (0, 0, 0), "{:?}", tally.first_error);
        let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
        assert_eq!(self.test.value(Login::Admin, open).await, "0", "no transaction is left open");
    }
}

#[tokio::test]
async fn a_backend_killed_in_a_flight_is_a_lost_connection_and_nothing_more() {
    const KILLS: u64 = 20;
    let pair = Pair::new(|config| config).await;
    let mut tally = Tally::default();
    for kill in 0..KILLS {
        let slug = format!("slow-{kill}");
        let killed = async {
            match kill % 2 {
                0 => integration(&slug, &pair.one).await.map(drop),
                _ => pair.one.transaction(async |tx| integration(&slug, tx).await.map(drop)).await,
            }
        };
        let (result, ()) = tokio::join!(killed, pair.kill_when_waiting_for("PgSleep"));
        let error = refusal(result);
        assert!(error.is_connection_lost(), "{error}");
        pair.look(&mut tally).await;
    }
    pair.finish("backends killed in a flight", KILLS, tally).await;
}

#[tokio::test]
async fn a_backend_killed_while_it_waits_for_a_lock_changes_nothing() {
    const KILLS: u64 = 10;
    let pair = Pair::new(|config| config).await;
    let mut tally = Tally::default();
    let row = Integration::query().one(&pair.one).await.unwrap();
    let elsewhere = pair.test.another().await.tenant(pair.one.id());
    for _ in 0..KILLS {
        elsewhere
            .transaction(async |holder| {
                Integration::update(row.id).name("held").exec(holder).await?;
                let update = Integration::update(row.id).name("never").exec(&pair.one);
                let (result, ()) = tokio::join!(update, pair.kill_when_waiting_for("transactionid"));
                assert!(refusal(result).is_connection_lost());
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        assert_eq!(Integration::find(row.id, &pair.one).await.unwrap().unwrap().name, "held");
        pair.look(&mut tally).await;
    }
    pair.finish("backends killed at a lock", KILLS, tally).await;
}

#[tokio::test]
async fn a_statement_that_outlasts_its_time_is_refused_and_its_connection_goes_on() {
    const TIMES: u64 = 6;
    for statements in [Statements::Cached, Statements::Unnamed] {
        let pair = Pair::new(|config| config.statements(statements)).await;
        let limit = format!("ALTER ROLE waygate_app IN DATABASE {} SET statement_timeout = '400ms'", pair.test.name());
        pair.test.rows_of(Login::Admin, &limit).await;
        // The limit is for connections from now on.
        let db = Db::connect(pair.test.config().pool_size(1).statements(statements).application_name("suffering"));
        let db = db.await.unwrap();
        let pair = Pair { one: db.tenant(pair.one.id()), other: db.tenant(pair.other.id()), db, test: pair.test };
        let mut tally = Tally::default();
        let pids = "SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE usename = 'waygate_app' \
                    AND datname = current_database() AND application_name = 'suffering'";
        pair.look(&mut tally).await;
        let before = pair.test.value(Login::Admin, pids).await;
        for time in 0..TIMES {
            let slug = format!("slow-{time}");
            let result = match time % 2 {
                0 => integration(&slug, &pair.one).await.map(drop),
                _ => pair.one.transaction(async |tx| integration(&slug, tx).await.map(drop)).await,
            };
            let error = refusal(result);
            assert!(error.code() == Some("57014") && error.advice().is_some(), "{error}");
            pair.look(&mut tally).await;
        }
        assert_eq!(pair.test.value(Login::Admin, pids).await, before, "it costs no connection");
        pair.finish(&format!("statements out of time, {statements:?}"), TIMES, tally).await;
    }
}

#[tokio::test]
async fn a_write_whose_commit_is_refused_is_reported_as_failed() {
    const TIMES: u64 = 20;
    for statements in [Statements::Cached, Statements::Unnamed] {
        let pair = Pair::new(|config| config.statements(statements)).await;
        let mut tally = Tally::default();
        for time in 0..TIMES {
            let slug = format!("doomed-{time}");
            let result = match time % 2 {
                0 => integration(&slug, &pair.one).await.map(drop),
                _ => pair.one.transaction(async |tx| integration(&slug, tx).await.map(drop)).await,
            };
            let error = refusal(result);
            assert!(error.is_check_violation(), "{error}");
            pair.look(&mut tally).await;
        }
        pair.finish(&format!("commits refused by a deferred constraint, {statements:?}"), TIMES, tally).await;
    }
}

#[tokio::test]
async fn backends_of_dropped_calls_go_when_their_statement_ends() {
    const CALLS: u64 = 8;
    let pair = Pair::new(|config| config).await;
    let row = Integration::query().one(&pair.one).await.unwrap();
    let elsewhere = pair.test.another().await.tenant(pair.one.id());
    let mut tally = Tally::default();
    let lingering = elsewhere
        .transaction(async |holder| {
            Integration::update(row.id).name("held").exec(holder).await?;
            for _ in 0..CALLS {
                let update = Integration::update(row.id).name("dropped").exec(&pair.one);
                assert!(tokio::time::timeout(Duration::from_millis(100), update).await.is_err());
                // The pool does not wait for them.
                tally.see_left(LeftBehind::read(&pair.db).await);
            }
            let waiting = pair.waiting_for("transactionid").await.len() + pair.waiting_for("tuple").await.len();
            Ok::<_, Error>(waiting)
        })
        .await
        .unwrap();
    let mut left = lingering;
    for _ in 0..200 {
        left = pair.waiting_for("transactionid").await.len() + pair.waiting_for("tuple").await.len();
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    report(format_args!("backends of {CALLS} calls dropped at a lock: {lingering}, after it was released: {left}"));
    assert_eq!(left, 0);
    pair.look(&mut tally).await;
    pair.finish("calls dropped at a lock", CALLS, tally).await;
}
