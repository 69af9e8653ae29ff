//! What silences a finding, and what silences nothing.

use waygate_db::migrate::{Exceptions, Migration, lint};

use super::{BEFORE, ID, linted, named, rules};
use crate::support::database::Database;

#[tokio::test]
async fn a_line_silences_one_rule_for_the_statement_below_it() {
    let up = "-- waygate:lint-ignore drops-column: it was never filled
ALTER TABLE orders DROP COLUMN note;
ALTER TABLE orders DROP COLUMN code;";
    assert_eq!(rules(up).await, ["3 drops-column"]);
}

#[tokio::test]
async fn a_line_above_a_steps_own_line_is_about_the_steps_first_statement() {
    let up = "SELECT 1;
-- waygate:lint-ignore concurrent-if-not-exists: made by hand long ago
-- waygate:step autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON orders (note);";
    assert_eq!(rules(up).await, [""; 0]);
}

#[tokio::test]
async fn a_line_that_silences_nothing_is_found_itself() {
    let up = "-- waygate:lint-ignore drops-table: nobody asks for it
-- waygate:lint-ignore drops-tables: nobody asks for it
ALTER TABLE orders ADD COLUMN more text;";
    let found = linted(up).await.findings;
    assert_eq!(named(&found), ["1 unused-ignore", "2 unused-ignore"]);
    assert!(found[0].why.contains("does not break the rule drops-table"), "{}", found[0]);
    assert!(found[1].why.contains("there is no rule drops-tables"), "{}", found[1]);
}

#[tokio::test]
async fn squawks_lines_silence_the_rules_that_mean_the_same() {
    let up = "-- squawk-ignore ban-drop-column, prefer-robust-stmts
ALTER TABLE orders DROP COLUMN note;
COMMENT ON TABLE orders IS $$
-- squawk-ignore ban-drop-column
$$;
ALTER TABLE orders DROP COLUMN code;";
    assert_eq!(rules(up).await, ["6 drops-column"]);
    let up = "-- squawk-ignore-file ban-drop-column\nALTER TABLE orders DROP COLUMN note;\nALTER TABLE orders DROP COLUMN code;";
    assert_eq!(rules(up).await, [""; 0]);
}

#[tokio::test]
async fn files_that_have_landed_have_their_exceptions_beside_them() {
    let exceptions = |text: &str| Exceptions::parse(text).unwrap();
    let found = async |exceptions: Exceptions| {
        let database = Database::empty().await;
        let mut session = database.maintenance().await;
        let before = [Migration::embedded("20250101000000_before", BEFORE, None)];
        let file = [Migration::embedded(ID, "SELECT 1;\nCREATE INDEX i ON orders (note);", None)];
        let linted = lint(&mut session, &before, &file, &exceptions).await.unwrap();
        session.close().await;
        named(&linted.findings)
    };
    let known = "# what stays\n\n20250102000000_change:2 builds-index: it was small\n";
    assert_eq!(found(exceptions(known)).await, [""; 0]);
    let moved = "20250102000000_change:1 builds-index: it was small";
    assert_eq!(found(exceptions(moved)).await, ["1 unused-ignore", "2 builds-index"]);
    let another = "20250103000000_change:2 builds-index: it was small";
    assert_eq!(found(exceptions(another)).await, ["2 builds-index"]);
}

#[test]
fn an_exception_without_a_reason_is_refused() {
    for text in
        ["20250102000000_change:2 builds-index", "20250102000000_change builds-index: why", "x:2 builds-index: "]
    {
        let error = Exceptions::parse(&format!("# first\n{text}")).unwrap_err();
        assert!(error.is_config() && error.to_string().contains("lint-ignores:2"), "{error}");
    }
}
