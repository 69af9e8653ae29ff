//! Every clause of the DDL that isolation rests on, broken one at a time: the audit has to name each.
//!
//! The clauses are read from the rendered text, so that a new model or a new clause is covered by itself: a statement
//! of a kind that nothing here knows how to break fails the test.

mod rights;
mod routines;
mod security;
mod shape;
mod statement;

use std::io::Write;

use waygate_db::audit::{Finding, Severity};
use waygate_db::{Dialect, schema_sql};

use super::after;
use crate::support::database::Database;
use crate::support::waygate_schema::SCHEMA;

/// One clause broken.
pub(super) struct Mutation {
    /// What breaks it, as `waygate_owner`.
    script: String,
    /// What the finding's object has to hold.
    names: String,
    /// Whether a row could cross by it; otherwise something only stops working.
    opens: bool,
}

impl Mutation {
    fn opening(names: impl Into<String>, script: impl Into<String>) -> Self {
        Self { script: script.into(), names: names.into(), opens: true }
    }

    fn closing(names: impl Into<String>, script: impl Into<String>) -> Self {
        Self { opens: false, ..Self::opening(names, script) }
    }

    /// Whether other objects' clauses can be broken in the same transaction, each named by its own finding.
    fn is_apart(&self) -> bool {
        self.names.starts_with("grants of ") || self.names.starts_with("policy ")
    }

    fn is_named_by(&self, finding: &Finding) -> bool {
        let is_same =
            finding.object == self.names || self.names.ends_with('(') && finding.object.starts_with(&self.names);
        is_same && (!self.opens || finding.severity == Severity::Failure)
    }
}

#[tokio::test]
async fn each_clause_that_is_broken_is_named() {
    let database = Database::deployed().await;
    let session = database.maintenance().await;
    let ddl = schema_sql(&SCHEMA, &Dialect::Postgres);
    let mutations: Vec<Mutation> = statement::statements(&ddl).iter().flat_map(|one| mutations_of(one)).collect();
    let count = mutations.len();
    let before = after(&session, "").await.unwrap();

    let mut missed = Vec::new();
    for batch in batches(mutations) {
        let script = batch.iter().map(|one| one.script.as_str()).collect::<Vec<_>>().join(";\n");
        let findings = after(&session, &script).await.unwrap_or_else(|error| panic!("{script}: {error:?}"));
        let new: Vec<&Finding> = findings.iter().filter(|finding| !before.contains(finding)).collect();
        let is_missed = |one: &&Mutation| !new.iter().any(|finding| one.is_named_by(finding));
        missed.extend(batch.iter().filter(is_missed).map(|one| format!("{}: {}, of {new:#?}", one.names, one.script)));
    }
    // Past the test runner's capture, so that the checks' output shows it.
    let line = format!("audit mutations: {count} clauses broken, {} found\n", count - missed.len());
    std::io::stderr().write_all(line.as_bytes()).expect("standard error");
    assert!(missed.is_empty(), "{} missed: {}", missed.len(), missed.join("\n"));
    assert!(count > 500, "{count} are fewer than the six models have");
    assert_eq!(after(&session, "").await.unwrap(), before, "nothing stays");
}

/// What runs in one transaction: one clause, or one of each of many objects.
fn batches(mutations: Vec<Mutation>) -> Vec<Vec<Mutation>> {
    let mut batches: Vec<Vec<Mutation>> = Vec::new();
    for mutation in mutations {
        let is_free =
            |batch: &&mut Vec<Mutation>| batch.iter().all(|one| one.is_apart() && one.names != mutation.names);
        match batches.iter_mut().find(is_free).filter(|_| mutation.is_apart()) {
            Some(batch) => batch.push(mutation),
            None => batches.push(vec![mutation]),
        }
    }
    batches
}

/// The ways to break one statement; none for what isolation does not rest on.
fn mutations_of(statement: &str) -> Vec<Mutation> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        // Without the first nothing works at all, and the audit says that the models do not fit; which index a search
        // takes, how a value is stored, and what people read of it, crosses no tenant.
        ["CREATE", "SCHEMA" | "TYPE" | "INDEX", ..]
        | ["COMMENT", "ON", "TABLE" | "COLUMN" | "TYPE", ..]
        | ["GRANT", "USAGE" | "CREATE", "ON", "SCHEMA", ..]
        | ["ALTER", "TABLE", _, "ALTER", "COLUMN", _, "SET", "STORAGE", ..] => Vec::new(),
        ["CREATE", "TABLE", name, ..] => shape::of_table(name, statement),
        ["CREATE", "UNIQUE", "INDEX", name, "ON", table, ..] => shape::of_unique_index(name, table, statement),
        ["CREATE", "TRIGGER", name, "BEFORE", "UPDATE", "ON", table, ..] => shape::of_trigger(name, table),
        ["CREATE", "DOMAIN", name, ..] => shape::of_domain(name, statement),
        ["ALTER", "TABLE", table, "ENABLE", ..] => security::of_table(table, statement),
        ["CREATE", "POLICY", name, "ON", table, ..] => security::of_policy(name, table, statement),
        ["CREATE", "FUNCTION", ..] => routines::of_function(statement),
        ["REVOKE", "ALL", "ON", "FUNCTION", function, "FROM", "PUBLIC"] => routines::of_revoke(function),
        ["GRANT", "EXECUTE", "ON", "FUNCTION", function, "TO", role] => routines::of_grant(function, role),
        ["ALTER", "FUNCTION", function, "OWNER", "TO", role] => routines::of_owner(function, role),
        ["REVOKE", "CREATE", "ON", "SCHEMA", schema, "FROM", role] => rights::of_schema(schema, role),
        ["REVOKE", "ALL", "ON", table, "FROM", roles @ ..] => rights::of_revoke(table, roles),
        ["GRANT", ..] => rights::of_grant(statement),
        _ => panic!("nothing here knows how to break: {statement}"),
    }
}
