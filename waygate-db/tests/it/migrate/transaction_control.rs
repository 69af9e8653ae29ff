use proptest::prelude::*;
use waygate_db::migrate::Migration;

/// Where the check sees a forbidden statement, as `line:column: statement`.
fn found(sql: &'static str) -> Option<String> {
    let error = Migration::embedded("20250101000000_a", sql, None).check().err()?;
    let message = error.message().strip_prefix("20250101000000_a/up.sql:").unwrap();
    Some(message.strip_suffix(" in a migration").unwrap().to_owned())
}

#[test]
fn transaction_control_is_found() {
    for (sql, expected) in [
        ("BEGIN", "1:1: BEGIN"),
        ("begin;", "1:1: BEGIN"),
        ("SELECT 1; COMMIT;", "1:11: COMMIT"),
        ("SELECT 1;\n\t-- done\nEnd;", "3:1: END"),
        ("ROLLBACK TO x", "1:1: ROLLBACK"),
        ("ABORT", "1:1: ABORT"),
        ("SAVEPOINT x", "1:1: SAVEPOINT"),
        ("RELEASE x", "1:1: RELEASE SAVEPOINT"),
        ("START /* now */ TRANSACTION", "1:1: START TRANSACTION"),
        ("PREPARE TRANSACTION 'x'", "1:1: PREPARE TRANSACTION"),
        ("COPY t FROM STDIN;", "1:1: COPY FROM STDIN"),
        ("COPY t (a, b) FROM stdin WITH (FORMAT csv);", "1:1: COPY FROM STDIN"),
        ("COPY t TO STDOUT", "1:1: COPY TO STDOUT"),
        // What only looks like the end of a text, or its beginning.
        ("SELECT 'a\\'; COMMIT; --'", "1:14: COMMIT"),
        ("SELECT E'a\\''; COMMIT", "1:16: COMMIT"),
        ("SELECT E'a'''; COMMIT", "1:16: COMMIT"),
        ("SELECT E'a'\n  'b\\''; COMMIT", "2:10: COMMIT"),
        ("SELECT E'a' -- more\n  'b\\''; COMMIT", "2:10: COMMIT"),
        ("SELECT E'a' AS \"\\\"; COMMIT", "1:21: COMMIT"),
        ("SELECT some'x'; COMMIT", "1:17: COMMIT"),
        ("SELECT 1e'\\'; COMMIT", "1:15: COMMIT"),
        ("SELECT $$a$$; COMMIT", "1:15: COMMIT"),
        ("SELECT $a$ $b$ $$ $a$; COMMIT", "1:24: COMMIT"),
        ("SELECT $1; COMMIT; SELECT $1", "1:12: COMMIT"),
        ("SELECT a$b$c; COMMIT; SELECT $b$x$b$", "1:15: COMMIT"),
        ("/* /* */ */ COMMIT", "1:13: COMMIT"),
        ("-- a\rCOMMIT", "1:6: COMMIT"),
        ("SELECT \"a\"\"b\"; COMMIT", "1:16: COMMIT"),
        ("SELECT 'é', 1; COMMIT", "1:16: COMMIT"),
        ("\u{feff}COMMIT", "1:1: COMMIT"),
        ("SELECT 1;\r\nCOMMIT", "2:1: COMMIT"),
        ("CREATE TABLE t (x int); END", "1:25: END"),
        ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; COMMIT", "1:61: COMMIT"),
        (
            "CREATE OR REPLACE PROCEDURE f() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT t.end FROM t; END; END",
            "1:106: END",
        ),
    ] {
        assert_eq!(found(sql).as_deref(), Some(expected), "{sql}");
    }
}

#[test]
fn what_only_looks_like_transaction_control_is_left_alone() {
    for sql in [
        "",
        ";;",
        "SELECT 'COMMIT; BEGIN'",
        "SELECT 1 AS \"; COMMIT;\"",
        "-- ; COMMIT\nSELECT 1",
        "/* ; COMMIT; /* BEGIN; */ ; END */ SELECT 1",
        "/* never closed ; COMMIT",
        "SELECT 'never closed ; COMMIT",
        "DO $$ BEGIN PERFORM 1; END; $$",
        "DO $body$ BEGIN PERFORM $$;COMMIT;$$; END; $body$",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a = 1; RETURN NEW; END $$;",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 ELSE 2 END; END;",
        "CREATE TABLE t (\"begin\" int, commit int, \"end\" int)",
        "ALTER TABLE t RENAME COLUMN rollback TO abort",
        "PREPARE q AS SELECT 1",
        "COPY t (stdin) FROM '/tmp/x'",
        "SELECT E'\\'; COMMIT; --'",
        "SELECT E'a'\n'\\'; COMMIT; --'",
        "SELECT U&'\\0041; COMMIT'",
        "SELECT $é$; COMMIT; $é$",
        "SELECT t.commit FROM t; SELECT 1",
        "CREATE RULE r AS ON DELETE TO t DO ALSO (INSERT INTO a VALUES (1); INSERT INTO b VALUES (1))",
    ] {
        assert_eq!(found(sql), None, "{sql}");
    }
}

/// Texts made of what the lexer knows, so that its states meet in every order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "'",
        "\"",
        "$",
        "$$",
        "$a$",
        "--",
        "/*",
        "*/",
        "\n",
        "\\",
        "E'",
        "e",
        ";",
        " ",
        ".",
        "1",
        "COMMIT",
        "BEGIN ATOMIC",
        "END",
        "CASE",
        "CREATE FUNCTION",
        "é",
        "\u{feff}",
        "\r\n",
        "\0",
        "\u{a0}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_check_never_panics(sql in prop_oneof![pieces(), any::<String>()]) {
        let sql: &'static str = sql.leak();
        let _outcome = Migration::embedded("20250101000000_a", sql, None).check();
    }

    #[test]
    fn a_quoted_commit_is_never_found_and_a_bare_one_always(text in "[a-zé;$ \n\\\\-]{0,20}") {
        let quoted: &'static str = format!("SELECT '{text}; COMMIT;'; SELECT 1").leak();
        prop_assert_eq!(found(quoted), None);
        let bare: &'static str = format!("SELECT '{text}'; COMMIT").leak();
        prop_assert!(found(bare).is_some());
    }
}
