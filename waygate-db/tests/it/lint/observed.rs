//! What PostgreSQL does for each of these statements, as its source and many sad mornings tell: how strongly it locks which
//! table, whether it writes the table anew, scans it, or builds an index of it.

use std::fmt::Write as _;

use waygate_db::migrate::{Exceptions, Migration, Observed, lint};

use super::BEFORE;
use crate::support::database::Database;

/// What `orders` and `places` are locked by, and what is done to them: `orders AE` for a moment, `!` behind what was
/// written anew, `?` behind what was scanned, `+` before an index that was built.
const STATEMENTS: &[(&str, &str)] = &[
    // Columns
    ("ALTER TABLE orders ADD COLUMN more text", "orders AE"),
    ("ALTER TABLE orders ADD COLUMN more text NOT NULL DEFAULT 'none'", "orders AE"),
    ("ALTER TABLE orders ADD COLUMN more timestamptz DEFAULT now()", "orders AE"),
    ("ALTER TABLE orders ADD COLUMN more uuid DEFAULT gen_random_uuid()", "orders AE !orders"),
    ("ALTER TABLE orders ADD COLUMN more int GENERATED ALWAYS AS (amount * 2) STORED", "orders AE !orders"),
    ("ALTER TABLE orders ADD COLUMN more bigint GENERATED ALWAYS AS IDENTITY", "orders AE !orders"),
    ("ALTER TABLE orders ADD COLUMN more bigint REFERENCES places", "orders AE, places SRE"),
    ("ALTER TABLE orders DROP COLUMN note", "orders AE"),
    ("ALTER TABLE orders RENAME COLUMN note TO remark", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN amount SET DEFAULT 3", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN amount SET NOT NULL", "orders AE ?orders"),
    ("ALTER TABLE orders ALTER COLUMN pieces DROP NOT NULL", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN note SET STORAGE EXTERNAL", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN note SET STATISTICS 500", "orders SUE"),
    // Types
    ("ALTER TABLE orders ALTER COLUMN code TYPE varchar(20)", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN code TYPE text", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN code TYPE varchar(5)", "orders AE !orders"),
    ("ALTER TABLE orders ALTER COLUMN note TYPE varchar(30)", "orders AE !orders"),
    ("ALTER TABLE orders ALTER COLUMN note TYPE short", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN amount TYPE bigint", "orders AE !orders"),
    ("ALTER TABLE orders ALTER COLUMN price TYPE numeric(12,2)", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN price TYPE numeric", "orders AE"),
    ("ALTER TABLE orders ALTER COLUMN price TYPE numeric(12,3)", "orders AE !orders"),
    ("ALTER TABLE orders ALTER COLUMN at TYPE timestamptz", "orders AE !orders"),
    ("ALTER TABLE orders ALTER COLUMN at TYPE timestamp(3)", "orders AE !orders"),
    ("ALTER TABLE orders ALTER COLUMN feeling TYPE mood USING feeling::mood", "orders AE !orders"),
    ("ALTER TYPE mood ADD VALUE 'middling'", ""),
    // Constraints
    ("ALTER TABLE orders ADD CONSTRAINT note_check CHECK (note <> '')", "orders AE ?orders"),
    ("ALTER TABLE orders ADD CONSTRAINT note_check CHECK (note <> '') NOT VALID", "orders AE"),
    ("ALTER TABLE orders VALIDATE CONSTRAINT orders_pieces_check", "orders SUE ?orders"),
    (
        "ALTER TABLE orders ADD CONSTRAINT again FOREIGN KEY (place_id) REFERENCES places",
        "orders SRE, places SRE ?orders",
    ),
    (
        "ALTER TABLE orders ADD CONSTRAINT again FOREIGN KEY (place_id) REFERENCES places NOT VALID",
        "orders SRE, places SRE",
    ),
    ("ALTER TABLE orders VALIDATE CONSTRAINT orders_place_fkey", "orders SUE, places RS ?orders"),
    ("ALTER TABLE orders DROP CONSTRAINT orders_place_fkey", "orders AE, places AE"),
    ("ALTER TABLE orders ADD CONSTRAINT one UNIQUE (id, pieces)", "orders AE +one"),
    ("ALTER TABLE orders ADD CONSTRAINT one UNIQUE USING INDEX orders_pieces_id", "orders AE"),
    // Indexes
    ("CREATE INDEX orders_note ON orders (note)", "orders S +orders_note"),
    ("DROP INDEX orders_pieces_id", "orders AE"),
    ("ALTER INDEX orders_pieces_id RENAME TO orders_other", ""),
    // Tables
    ("ALTER TABLE orders RENAME TO sales", "orders AE"),
    ("ALTER TABLE orders SET (fillfactor = 90)", "orders SUE"),
    ("DROP TABLE orders", "orders AE, places AE"),
    ("CREATE TABLE visits (id bigint PRIMARY KEY REFERENCES places)", "places SRE"),
    // Rights, and what is said of them
    ("ALTER TABLE orders ENABLE ROW LEVEL SECURITY", "orders AE"),
    ("CREATE POLICY orders_all ON orders USING (id > 0)", "orders AE"),
    (
        "CREATE TRIGGER quiet BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "orders SRE",
    ),
    ("GRANT SELECT ON orders TO waygate_app", ""),
    ("COMMENT ON COLUMN orders.note IS 'what they said'", "orders SUE"),
];

#[tokio::test]
async fn each_statement_is_seen_to_lock_write_anew_scan_and_build_what_it_does() {
    let database = Database::empty().await;
    let mut session = database.maintenance().await;
    let (mut before, mut files) = (String::new(), Vec::new());
    for (number, (statement, _)) in STATEMENTS.iter().enumerate() {
        // Each has tables of its own, since none is taken back.
        write!(
            before,
            "CREATE SCHEMA s{number}; SET LOCAL search_path = s{number}; {BEFORE} CREATE DOMAIN short AS text;"
        )
        .unwrap();
        let up = format!("SET LOCAL search_path = s{number};\n{statement};").leak();
        files.push(Migration::embedded(format!("202502{number:02}000000_s").leak(), up, None));
    }
    let before = [Migration::embedded("20250101000000_before", before.leak(), None)];
    let linted = lint(&mut session, &before, &files, &Exceptions::default()).await.unwrap();
    session.close().await;
    let mut wrong = Vec::new();
    for (number, (statement, expected)) in STATEMENTS.iter().enumerate() {
        let id = files[number].id();
        let seen = linted.observed.iter().find(|seen| seen.migration == id && seen.line == 2);
        let seen = seen.map_or("nothing".to_owned(), |seen| short(seen, &format!("s{number}.")));
        if seen != *expected {
            wrong.push(format!("{statement}\n  expected: {expected}\n  seen:     {seen}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(STATEMENTS.len(), 48);
}

/// An observation as the table above writes it.
fn short(seen: &Observed, schema: &str) -> String {
    let bare = |name: &str| name.strip_prefix(schema).unwrap_or(name).to_owned();
    let letters = |lock: &str| lock.split(' ').filter_map(|word| word.chars().next()).collect::<String>();
    let locks = seen.locks.iter().filter(|(_, lock)| lock.as_str() != "ACCESS SHARE");
    let locks: Vec<String> = locks.map(|(table, lock)| format!("{} {}", bare(table), letters(lock.as_str()))).collect();
    let mut text = locks.join(", ");
    for (mark, names) in [(" !", &seen.rewrites), (" ?", &seen.scans), (" +", &seen.builds)] {
        // What is written anew is read too, and its indexes are built; one word is enough.
        if mark == " !" || seen.rewrites.is_empty() {
            for name in names {
                write!(text, "{mark}{}", bare(name)).unwrap();
            }
        }
    }
    text
}
