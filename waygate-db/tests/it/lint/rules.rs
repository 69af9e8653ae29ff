//! A statement that breaks each rule, and one like it that does not.

use waygate_db::migrate::{RULES, Severity, TableLock};

use super::{BEFORE, Bench, linted, named, rules};

/// The rule, a file that breaks it in its last line, and one like it that breaks nothing.
const CASES: &[(&str, &str, &str)] = &[
    ("refused-file", "COMMIT;", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';"),
    ("refused-file", "CREATE INDEX CONCURRENTLY i ON orders (note);", AUTOCOMMIT_INDEX),
    (
        "refused-file",
        "COMMENT ON COLUMN orders.a234567890123456789012345678901234567890123456789012345678901234 IS '';",
        "COMMENT ON COLUMN orders.note IS 'a2345678901234567890123456789012345678901234567890123456789012345';",
    ),
    ("refused-statement", "ALTER TABLE orders ADD COLUMN note text;", "ALTER TABLE orders ADD COLUMN more text;"),
    (
        "refused-statement",
        "-- waygate:assert there are orders\nSELECT EXISTS (SELECT FROM orders);",
        "-- waygate:assert no order is without pieces\nSELECT NOT EXISTS (SELECT FROM orders WHERE pieces = 0);",
    ),
    (
        "label-too-early",
        "ALTER TYPE mood ADD VALUE 'so so';\nALTER TABLE orders ADD COLUMN mood mood DEFAULT 'so so';",
        "-- waygate:step autocommit\nALTER TYPE mood ADD VALUE 'so so';\n-- waygate:step tx\n\
         ALTER TABLE orders ADD COLUMN mood mood DEFAULT 'so so';",
    ),
    (
        "rewrites-table",
        "ALTER TABLE orders ALTER COLUMN amount TYPE bigint;",
        "ALTER TABLE orders ALTER COLUMN code TYPE text;",
    ),
    (
        "rewrites-table",
        "ALTER TABLE orders ALTER COLUMN at TYPE timestamptz;",
        "SET LOCAL timezone = 'UTC'; ALTER TABLE orders ALTER COLUMN at TYPE timestamptz;",
    ),
    (
        "scans-table",
        "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;",
        "ALTER TABLE orders ADD CONSTRAINT c CHECK (amount IS NOT NULL) NOT VALID;\n-- waygate:step tx\n\
         ALTER TABLE orders VALIDATE CONSTRAINT c;\n-- waygate:step tx\n\
         ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT c;",
    ),
    (
        "scans-table",
        "ALTER TABLE orders ADD CONSTRAINT c CHECK (amount < 9) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT c;",
        "ALTER TABLE orders VALIDATE CONSTRAINT orders_pieces_check;",
    ),
    ("builds-index", "CREATE INDEX i ON orders (note);", AUTOCOMMIT_INDEX),
    (
        "builds-index",
        "-- waygate:step autocommit\nCREATE INDEX i ON orders (note);",
        "CREATE TEMP TABLE mine (id int); CREATE INDEX i ON mine (id);",
    ),
    ("builds-index", "REINDEX TABLE orders;", "-- waygate:step autocommit\nREINDEX TABLE CONCURRENTLY orders;"),
    (
        "builds-index",
        "ALTER TABLE orders ADD UNIQUE (code);",
        "-- waygate:step autocommit\nCREATE UNIQUE INDEX CONCURRENTLY orders_code_key ON orders (code);\n\
         -- waygate:step tx\nALTER TABLE orders ADD UNIQUE USING INDEX orders_code_key;",
    ),
    (
        "work-under-lock",
        "ALTER TABLE orders ADD COLUMN more text;\nUPDATE orders SET more = note;",
        "ALTER TABLE orders ADD COLUMN more text;\n-- waygate:step backfill table=orders key=id batch=10\n\
         UPDATE orders SET more = note WHERE {batch};",
    ),
    (
        "locks-several-tables",
        "ALTER TABLE orders ADD COLUMN more text;\nALTER TABLE places ADD COLUMN more text;",
        "ALTER TABLE orders ADD COLUMN more text;\nALTER TABLE orders ADD COLUMN most text;\n\
         -- waygate:step tx\nALTER TABLE places ADD COLUMN more text;",
    ),
    ("unbatched-write", "DELETE FROM ONLY public.orders;", "SELECT id FROM orders FOR UPDATE;"),
    (
        "long-write",
        "WITH old AS (SELECT id FROM orders) UPDATE orders SET note = '' WHERE id IN (SELECT id FROM old);",
        "CREATE TEMP TABLE mine (id int); INSERT INTO mine VALUES (1) ON CONFLICT DO NOTHING;\nUPDATE mine SET id = 2 WHERE id = 1;",
    ),
    ("truncates", "TRUNCATE places CASCADE;", "CREATE TEMP TABLE mine (id int); TRUNCATE mine;"),
    (
        "adds-required-column",
        "ALTER TABLE orders ADD COLUMN more text NOT NULL;",
        "ALTER TABLE orders ADD COLUMN more text NOT NULL DEFAULT '';",
    ),
    ("drops-table", "DROP TABLE orders;", "CREATE TEMP TABLE mine (id int); DROP TABLE mine;"),
    ("drops-column", "ALTER TABLE orders DROP COLUMN note;", "ALTER TABLE orders ALTER COLUMN note SET DEFAULT '';"),
    (
        "drops-index",
        "DROP INDEX orders_place_id;",
        "-- waygate:step autocommit\nDROP INDEX CONCURRENTLY orders_pieces_id;",
    ),
    (
        "drops-silently",
        "ALTER TABLE orders DROP COLUMN pieces;",
        "-- waygate:lint-ignore drops-index: no program reads by it\nDROP INDEX orders_pieces_id;\n\
         -- waygate:lint-ignore drops-column: no program asks for it\nALTER TABLE orders DROP COLUMN pieces;",
    ),
    (
        "drop-cascade",
        "ALTER TABLE places DROP CONSTRAINT places_pkey CASCADE;",
        "ALTER TABLE orders ADD CONSTRAINT again FOREIGN KEY (place_id) REFERENCES places ON DELETE CASCADE NOT VALID;",
    ),
    ("renames-table", "ALTER TABLE orders RENAME TO sales;", "ALTER INDEX orders_place_id RENAME TO orders_where;"),
    (
        "renames-column",
        "ALTER TABLE orders RENAME note TO remark;",
        "ALTER TABLE orders RENAME CONSTRAINT orders_amount_check TO orders_positive;",
    ),
    ("renames-label", "ALTER TYPE mood RENAME VALUE 'low' TO 'sad';", "ALTER TYPE mood RENAME TO feeling;"),
    ("session-setting", "SET search_path = public;", "SET LOCAL search_path = public;"),
    (
        "session-setting",
        "SELECT pg_catalog.set_config('search_path', '', false);",
        "SELECT set_config('search_path', '', true);",
    ),
    (
        "concurrent-if-not-exists",
        "-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON orders (note);",
        AUTOCOMMIT_INDEX,
    ),
    (
        "grants-to-public",
        "GRANT SELECT ON public.orders TO waygate_app, PUBLIC;",
        "GRANT SELECT ON public.orders TO waygate_app;",
    ),
    (
        "no-row-security",
        "CREATE TABLE mine (id bigint PRIMARY KEY); ALTER TABLE mine DISABLE ROW LEVEL SECURITY;",
        "CREATE TABLE mine (id bigint PRIMARY KEY);\n\
         ALTER TABLE mine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n\
         CREATE POLICY mine_owner ON mine TO waygate_owner USING (true);",
    ),
    (
        "no-owner-policy",
        "CREATE TABLE mine (id bigint PRIMARY KEY); ALTER TABLE mine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; \
         CREATE POLICY mine_app ON mine TO waygate_app USING (true);",
        "CREATE TEMP TABLE mine (id bigint PRIMARY KEY);",
    ),
    (
        "policy-for-everybody",
        "CREATE POLICY orders_all ON orders USING (true);",
        "CREATE POLICY orders_app ON orders TO waygate_app USING (true);",
    ),
    (
        "owners-definer",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN 1;",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql RETURN 1;",
    ),
    (
        "foreign-key-without-index",
        "ALTER TABLE orders ADD CONSTRAINT two FOREIGN KEY (amount) REFERENCES places NOT VALID;",
        "ALTER TABLE orders ADD CONSTRAINT two FOREIGN KEY (amount) REFERENCES places NOT VALID;\n\
         -- waygate:step autocommit\nCREATE INDEX CONCURRENTLY i ON orders (amount);",
    ),
    (
        "timestamp-without-time-zone",
        "ALTER TABLE orders ADD COLUMN seen timestamp(3)[];",
        "ALTER TABLE orders ADD COLUMN seen timestamptz;",
    ),
    ("json-text", "ALTER TABLE orders ADD COLUMN extra json;", "ALTER TABLE orders ADD COLUMN extra jsonb;"),
    (
        "narrow-key",
        "CREATE TEMP TABLE t (id int); -- waygate:step tx\nSELECT 1;\n\
         CREATE TABLE mine (id int PRIMARY KEY);",
        "ALTER TABLE orders ADD COLUMN count int;",
    ),
    (
        "unused-ignore",
        "-- waygate:lint-ignore drops-table: it is empty",
        "-- waygate:lint-ignore drops-table: it is empty\nDROP TABLE orders;",
    ),
];

const AUTOCOMMIT_INDEX: &str = "-- waygate:step autocommit\nCREATE INDEX CONCURRENTLY i ON orders (note);";

/// Findings that go with what a case has to do, and that it is not about.
const BESIDE: [&str; 1] = ["locks-referenced-table"];

#[tokio::test]
async fn each_rule_finds_what_breaks_it_and_leaves_its_like_alone() {
    let mut bench = Bench::new(BEFORE).await;
    let mut wrong = Vec::new();
    for (rule, breaks, keeps) in CASES {
        let last = breaks.lines().count();
        let found = named(&bench.lint(breaks).await.findings);
        if !found.contains(&format!("{last} {rule}")) {
            wrong.push(format!("{rule} is not found in line {last} of {breaks:?}: {found:?}"));
        }
        let found = named(&bench.lint(keeps).await.findings);
        if found.iter().any(|one| !BESIDE.iter().any(|beside| one.ends_with(beside))) {
            wrong.push(format!("{keeps:?} breaks nothing, and this is found: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let without: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.name)
        .filter(|name| !BESIDE.contains(name) && CASES.iter().all(|(rule, ..)| rule != name))
        .collect();
    assert_eq!(without, [""; 0]);
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len(), "two rules share a name");
}

#[tokio::test]
async fn a_foreign_key_is_said_to_lock_the_existing_table_that_it_refers_to() {
    let found =
        linted("CREATE TEMP TABLE a (id bigint PRIMARY KEY);\nCREATE TEMP TABLE b (id bigint REFERENCES a);").await;
    assert_eq!(found.findings, []);
    let found = linted("ALTER TABLE orders DROP CONSTRAINT orders_place_fkey;").await.findings;
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.rule, one.table.as_deref()), ("locks-referenced-table", Some("places")));
    assert_eq!(one.lock, Some(TableLock::AccessExclusive));
}

#[tokio::test]
async fn a_finding_says_where_what_is_locked_why_that_is_bad_and_what_to_write() {
    let found = linted("-- A change\n\nALTER TABLE orders\n    ALTER COLUMN amount SET NOT NULL;").await.findings;
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.line, one.severity, one.lock), (3, Severity::Error, Some(TableLock::AccessExclusive)));
    assert_eq!(
        one.to_string(),
        "20250102000000_change/up.sql:3: error[scans-table] on orders, ACCESS EXCLUSIVE: it reads every row of orders; \
         nobody reads or writes it meanwhile\n    \
         -- waygate:step tx\n    \
         ALTER TABLE public.orders ADD CONSTRAINT amount_not_null CHECK (amount IS NOT NULL) NOT VALID;\n    \
         -- waygate:step tx\n    \
         ALTER TABLE public.orders VALIDATE CONSTRAINT amount_not_null;\n    \
         -- waygate:step tx\n    \
         ALTER TABLE public.orders ALTER COLUMN amount SET NOT NULL;\n    \
         ALTER TABLE public.orders DROP CONSTRAINT amount_not_null;"
    );
    let json = serde_json::to_value(one).unwrap();
    assert_eq!(json["lock"], "ACCESS EXCLUSIVE");
    assert_eq!(json["severity"], "error");
    assert_eq!(json["rule"], "scans-table");
}

/// What the lint says to write for a statement breaks nothing itself.
#[tokio::test]
async fn the_safe_forms_are_safe() {
    let mut bench = Bench::new(BEFORE).await;
    for breaks in [
        "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;",
        "ALTER TABLE orders ADD CONSTRAINT c CHECK (amount < 9);",
        "ALTER TABLE orders ADD CONSTRAINT again FOREIGN KEY (place_id) REFERENCES places;",
        "ALTER TABLE orders ADD CONSTRAINT one UNIQUE (code);",
        "CREATE UNIQUE INDEX i ON orders (lower(code)) WHERE amount > 1;",
        "REINDEX INDEX orders_place_id;",
        "ALTER TABLE orders ALTER COLUMN at TYPE timestamptz;",
    ] {
        let found = bench.lint(breaks).await.findings;
        let worst = found.iter().max_by_key(|finding| finding.severity).unwrap_or_else(|| panic!("{breaks}"));
        let sql = worst.instead.lines().filter(|line| line.ends_with(';') || line.starts_with("--"));
        let safe = sql.collect::<Vec<_>>().join("\n");
        let again: Vec<String> = bench.lint(&safe).await.findings.iter().map(ToString::to_string).collect();
        let bad: Vec<&String> = again.iter().filter(|finding| !finding.contains(": advice[")).collect();
        assert!(bad.is_empty(), "{breaks}\n{safe}\n{bad:?}");
    }
}

#[tokio::test]
async fn a_table_of_the_file_itself_may_be_locked_freely() {
    let up = "CREATE TABLE mine (id bigint PRIMARY KEY, place_id bigint, n int);
ALTER TABLE mine ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mine_owner ON mine TO waygate_owner USING (true);
INSERT INTO mine SELECT 1, NULL, 2;
ALTER TABLE mine ALTER COLUMN n TYPE bigint;
ALTER TABLE mine ALTER COLUMN n SET NOT NULL;
CREATE INDEX mine_place ON mine (place_id);
UPDATE mine SET n = 3;
TRUNCATE mine;
ALTER TABLE mine DROP COLUMN n;
ALTER TABLE mine ADD FOREIGN KEY (place_id) REFERENCES places;";
    assert_eq!(rules(up).await, ["11 locks-referenced-table"]);
}
