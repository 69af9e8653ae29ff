//! A migration with every kind of step, in which nothing may be done twice.

use waygate_db::DatabaseUrl;
use waygate_db::local::run_sql;

/// The folder of the migrations, in the binary's own.
pub(crate) const FOLDER: &str = "steps";

/// Each step asks for locks that nobody holds, unless a test wants it to wait: one as it begins, and one in its middle.
pub(crate) const GATED: [(&str, &str); 2] = [
    (
        "20250101000000_words",
        "-- waygate:assert the gate is open
SELECT pg_advisory_xact_lock_shared(77, 10) IS NOT NULL;
CREATE TABLE word (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
ALTER TABLE word DISABLE ROW LEVEL SECURITY;
CREATE TABLE done (step int);
ALTER TABLE done DISABLE ROW LEVEL SECURITY;
CREATE TYPE mood AS ENUM ('ok');
INSERT INTO word SELECT generate_series(1, 40);
INSERT INTO done VALUES (1);
SELECT pg_advisory_xact_lock_shared(77, 15);

-- waygate:step autocommit
-- waygate:assert the gate is open
SELECT pg_advisory_xact_lock_shared(77, 20) IS NOT NULL;
CREATE INDEX CONCURRENTLY word_n_idx ON word (n);

-- waygate:step backfill table=word key=id batch=10
-- waygate:assert the gate is open
SELECT pg_advisory_xact_lock_shared(77, 30) IS NOT NULL;
UPDATE word SET n = n + CASE WHEN id = 25 THEN (pg_advisory_xact_lock_shared(77, 35) IS NOT NULL)::int ELSE 1 END
WHERE {batch};
",
    ),
    (
        "20250102000000_moods",
        "-- waygate:step autocommit
-- waygate:assert the gate is open
SELECT pg_advisory_xact_lock_shared(77, 40) IS NOT NULL;
ALTER TYPE mood ADD VALUE 'bad';

-- waygate:step tx
-- waygate:assert the gate is open
SELECT pg_advisory_xact_lock_shared(77, 50) IS NOT NULL;
CREATE TABLE last (mood mood DEFAULT 'bad');
INSERT INTO done VALUES (5);
SELECT pg_advisory_xact_lock_shared(77, 55);

-- waygate:step autocommit
-- waygate:assert the gate is open
SELECT pg_advisory_xact_lock_shared(77, 60) IS NOT NULL;
DROP INDEX CONCURRENTLY word_n_idx;

-- waygate:step tx
-- waygate:assert the gate is open
SELECT pg_advisory_xact_lock_shared(77, 70) IS NOT NULL;
INSERT INTO done VALUES (7);
",
    ),
];

const FOUND: &str = "SELECT
    (SELECT string_agg(step::text, ',' ORDER BY step) FROM done),
    (SELECT count(*) || ' rows, changed ' || min(n) || ' to ' || max(n) || ' times' FROM word),
    (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = 'mood'::regtype),
    (SELECT count(*) FROM pg_index WHERE indrelid = 'word'::regclass),
    (SELECT count(*) FROM waygate.migrations),
    (SELECT count(*) FROM waygate.migration_steps WHERE state = 'done'),
    (SELECT count(*) FROM waygate.migration_steps WHERE state <> 'done')";

/// Checks that each step was done, and once.
pub(crate) async fn assert_done_once(admin: &DatabaseUrl, how: &str) {
    let found = run_sql(admin, FOUND).await.unwrap().remove(0);
    let found: Vec<String> = found.into_iter().flatten().collect();
    assert_eq!(found, ["1,5,7", "40 rows, changed 1 to 1 times", "ok,bad", "1", "2", "7", "0"], "{how}");
}
