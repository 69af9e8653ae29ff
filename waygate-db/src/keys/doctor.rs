//! Everything about keys and cells that can be wrong, looked for and named.

mod stored_keys;

use std::collections::BTreeMap;

use serde::Serialize;

use super::census::{Census, census};
use super::columns::{CellCount, counts, sealed_tables};
use super::verify::{Verify, examine};
use crate::crypto::KeyId;
use crate::error::Result;
use crate::schema::Schema;
use crate::session::{Executor, ServiceScope};
use crate::sql::Statement;

const QUARANTINE: &str =
    "SELECT table_name || '.' || column_name, count(*) FROM waygate.quarantine GROUP BY 1 ORDER BY 1";

const UNFINISHED: &str =
    "SELECT table_name, count(*) FROM waygate.key_jobs WHERE state <> 'finished' GROUP BY 1 ORDER BY 1";

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something should be done, and nothing is broken.
    Advice,
    /// Values do not open, or would not.
    Failure,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Symptom {
    /// How bad it is.
    pub severity: Severity,
    /// What it is about: a data key, a column, a scope.
    pub object: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: &'static str,
}

/// What [`doctor`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Whether nothing is broken; advice may be there.
    pub healthy: bool,
    /// How many keys were looked at.
    pub keys: usize,
    /// How many cells opened.
    pub opened: u64,
    /// How many are of destroyed keys, as they are meant to be.
    pub destroyed: u64,
    /// What is wrong, the worst first.
    pub findings: Vec<Symptom>,
}

/// Looks at every key and every cell, or a share of the cells.
///
/// # Errors
///
/// [`is_key`](crate::Error::is_key) when there is no provider at all; all else is a finding.
pub async fn doctor(service: &ServiceScope, schema: &Schema, share: Option<f64>) -> Result<Diagnosis> {
    let census = census(service).await?;
    let counts = counts(service, &sealed_tables(schema, None)?).await?;
    let mut findings = stored_keys::examine(service.vault().provider()?, &census).await;
    findings.extend(missing(&census, &counts));
    findings.extend(without_active(&census, &counts));
    let verified = examine(service, schema, &Verify { table: None, share }, &census).await?;
    // What is wrong with a key is told once, and not for each of its cells.
    let is_told = |key: &Option<String>| {
        key.as_ref().is_some_and(|key| {
            !census.keys.iter().any(|row| row.id.to_string() == *key)
                || census.unopened.keys().any(|id| id.to_string() == *key)
        })
    };
    for cell in verified.cells.iter().filter(|cell| !is_told(&cell.key)) {
        let key = cell.key.as_deref().unwrap_or("none");
        let what = format!("does not open: {} (data key {key})", cell.reason);
        let help = "write the secret again, or restore the row from a backup";
        findings.push(failure(format!("{} of row {}", cell.column, cell.row), what, help));
    }
    findings.extend(in_tables(service).await?);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(Diagnosis {
        healthy: findings.iter().all(|finding| finding.severity < Severity::Failure),
        keys: census.keys.len(),
        opened: verified.opened,
        destroyed: verified.destroyed,
        findings,
    })
}

/// Keys that cells name and that are not there.
fn missing(census: &Census, counts: &[CellCount]) -> Vec<Symptom> {
    let known: Vec<String> = census.keys.iter().map(|key| key.id.to_string()).collect();
    let lost = counts.iter().filter(|count| !known.contains(&count.key));
    let symptom = |count: &CellCount| {
        let what =
            format!("is not in waygate.data_keys, and {} cells of {} are sealed under it", count.cells, count.column);
        failure(format!("data key {}", count.key), what, "restore its row from a backup; until then they do not open")
    };
    lost.map(symptom).collect()
}

/// Scopes with cells that nothing could be sealed in anew.
fn without_active(census: &Census, counts: &[CellCount]) -> Vec<Symptom> {
    let mut used: BTreeMap<String, bool> = BTreeMap::new();
    for key in census.keys.iter().filter(|key| !key.is_destroyed()) {
        let id = key.id.to_string();
        if counts.iter().any(|count| count.key == id) {
            used.entry(key.scope().to_string()).or_insert(false);
        }
    }
    for key in census.keys.iter().filter(|key| key.is_active()) {
        used.entry(key.scope().to_string()).and_modify(|active| *active = true);
    }
    let help = "`keys init --tenants` makes the missing ones";
    let symptom = |scope: String| failure(format!("scope {scope}"), "has cells and no active key".to_owned(), help);
    used.into_iter().filter(|(_, active)| !active).map(|(scope, _)| symptom(scope)).collect()
}

/// What the jobs have written down.
async fn in_tables(service: &ServiceScope) -> Result<Vec<Symptom>> {
    let mut found = Vec::new();
    for row in service.run(Statement::read(QUARANTINE, Vec::new())).await?.rows() {
        let what = format!("has {} cells in quarantine", row.value::<i64>(1)?);
        let help = "waygate.quarantine names their rows; once they are written anew, `keys reencrypt` lets them go";
        found.push(failure(row.value(0)?, what, help));
    }
    for row in service.run(Statement::read(UNFINISHED, Vec::new())).await?.rows() {
        let what = format!("has {} parts that a run of `keys reencrypt` has not finished", row.value::<i64>(1)?);
        found.push(advice(row.value(0)?, what, "run it again: it goes on where it ended"));
    }
    Ok(found)
}

/// A data key, as findings name it.
fn named(id: &KeyId) -> String {
    format!("data key {id}")
}

fn failure(object: String, what: String, help: &'static str) -> Symptom {
    Symptom { severity: Severity::Failure, object, what, help }
}

fn advice(object: String, what: String, help: &'static str) -> Symptom {
    Symptom { severity: Severity::Advice, object, what, help }
}
