//! The second printing of expressions, which is the same for what was written and for what was printed.

use waygate_db::catalog::{Catalog, Change, Difference, differences, plan, settle};

use super::torture::{self, empty, read, told};
use crate::support::database::Database;

/// The shape whose first printing is not its second, wherever an expression can stand.
const WRITTEN: &str = "
    CREATE SCHEMA s;
    CREATE DOMAIN s.d AS varchar DEFAULT 'a' CONSTRAINT known CHECK (VALUE IN ('a', 'b'));
    CREATE FUNCTION s.f(code varchar) RETURNS boolean IMMUTABLE BEGIN ATOMIC SELECT code IN ('a', 'b'); END;
    CREATE FUNCTION s.nothing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
    CREATE TABLE s.t (
        code varchar, other varchar, flag boolean DEFAULT ('x'::varchar IN ('a', 'b')),
        known boolean GENERATED ALWAYS AS (code IN ('a', 'b')) STORED,
        CONSTRAINT c CHECK (code IN ('a', 'b')),
        CONSTRAINT e EXCLUDE (code WITH =) WHERE (code IN ('a', 'b'))
    );
    CREATE INDEX i ON s.t (other) WHERE code IN ('a', 'b');
    CREATE INDEX x ON s.t ((code IN ('a', 'b')));
    CREATE POLICY p ON s.t USING (code IN ('a', 'b')) WITH CHECK (EXISTS (SELECT FROM s.t u WHERE u.code = t.code AND t.code IN ('a', 'b')));
    CREATE TRIGGER g AFTER UPDATE ON s.t FOR EACH ROW WHEN (new.code IN ('a', 'b')) EXECUTE FUNCTION s.nothing();
    CREATE RULE r AS ON DELETE TO s.t WHERE old.code IN ('a', 'b') DO INSTEAD NOTHING;
    CREATE VIEW s.v AS SELECT code FROM s.t WHERE code IN ('a', 'b');
    CREATE MATERIALIZED VIEW s.m AS SELECT code FROM s.t WHERE code IN ('a', 'b');
    CREATE INDEX mi ON s.m (code) WHERE code IN ('a', 'b');
    CREATE TABLE s.p (code varchar, CONSTRAINT c CHECK (code IN ('a', 'b'))) PARTITION BY LIST (code);
    CREATE TABLE s.p_a PARTITION OF s.p FOR VALUES IN ('a');
    CREATE INDEX pi ON s.p (code) WHERE code IN ('a', 'b');";

#[tokio::test]
async fn what_was_printed_settles_to_what_was_written() {
    let (written, printed) = (empty().await, empty().await);
    let nothing = read(&printed).await;
    written.deploy(WRITTEN).await;
    let first = read(&written).await;
    torture::run(&printed, &plan(&nothing, &first).unwrap()).await.unwrap();
    let second = read(&printed).await;

    let differing = differences(&first, &second);
    let differ: Vec<String> = differing.iter().map(|one| one.key.to_string()).collect();
    let wherever = [
        "domain s.d",
        "function s.f(character varying)",
        "column s.t.flag",
        "column s.t.known",
        "constraint s.t.c",
        "constraint s.t.e",
        "constraint s.p.c",
        "constraint s.p_a.c",
        "index s.t.i",
        "index s.t.x",
        "index s.m.mi",
        "index s.p.pi",
        "policy s.t.p",
        "trigger s.t.g",
        "rule s.t.r",
        "view s.v",
        "view s.m",
    ];
    assert_eq!(
        wherever.iter().filter(|name| !differ.contains(&(**name).to_owned())).collect::<Vec<_>>(),
        Vec::<&&str>::new()
    );

    let (first, second) = (settled(&written, &first, &differing).await, settled(&printed, &second, &differing).await);
    let left = differences(&first, &second);
    assert!(left.is_empty(), "{}", told(&left));
    assert_eq!(plan(&first, &second).unwrap(), []);
}

#[tokio::test]
async fn what_differs_still_differs_when_it_has_settled() {
    let (one, other) = (empty().await, empty().await);
    one.deploy(WRITTEN).await;
    other.deploy(&WRITTEN.replace("('a', 'b')", "('a', 'c')")).await;
    let (from, to) = (read(&one).await, read(&other).await);
    let differing = differences(&from, &to);
    let (from, to) = (settled(&one, &from, &differing).await, settled(&other, &to, &differing).await);
    let keys = |found: &[Difference]| found.iter().map(|one| one.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&differences(&from, &to)), keys(&differing));
}

/// Nothing of the copies is left, and whatever the server prints the same twice is as it was.
#[tokio::test]
async fn settling_leaves_a_database_and_what_is_settled_alone() {
    let database = torture::tortured().await;
    let catalog = read(&database).await;
    let all: Vec<Difference> = catalog
        .objects()
        .map(|(key, _)| Difference { key: key.clone(), change: Change::Altered { properties: Vec::new() } })
        .collect();
    torture::assert_same(&settled(&database, &catalog, &all).await, &catalog, "settled");
    assert_eq!(read(&database).await, catalog);
}

async fn settled(database: &Database, catalog: &Catalog, differing: &[Difference]) -> Catalog {
    let session = database.maintenance().await;
    let settled = settle(&session, catalog, differing).await.unwrap();
    session.close().await;
    settled
}
