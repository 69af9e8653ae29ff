//! The self-test: holes planted in a copy of the tables, each of which the audit has to find.
//!
//! The copy stands in a schema of its own, `waygate_audit_copy_<word>`, and is dropped at the end; what a killed
//! self-test left is dropped at the next start. A hole is planted in a transaction, which the catalogue's part reads and
//! which is rolled back; one that statements can show is committed, tried by the matrix, and the copy is made anew.

mod copy;
mod grants;
mod keys;
mod policies;
mod strangers;

use serde::Serialize;

use super::logins::Logins;
use super::matrix::{Bench, Claim, Scratch};
use super::{Finding, Part, Severity, Subject};
use crate::error::{Error, Kind, Result};
use crate::schema::{Scope, Table};
use crate::session::Maintenance;
use crate::sql::ddl::Target;

use copy::Copy;

/// What a self-test planted, and what of it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SelfTest {
    /// How many holes were planted.
    pub planted: usize,
    /// How many were found by each part that has to find them.
    pub found: usize,
    /// How many kinds of holes there were.
    pub kinds: usize,
    /// How many of the holes statements can show, so that the matrix has to find them, too.
    pub shown_by_statements: usize,
    /// The holes that a part missed.
    pub missed: Vec<Missed>,
}

/// A hole that a part of the audit did not find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// What was broken.
    pub kind: &'static str,
    /// Where.
    pub table: &'static str,
    /// Who had to find it.
    pub part: Part,
}

impl SelfTest {
    /// Whether every hole was found.
    #[must_use]
    pub fn is_proof(&self) -> bool {
        self.planted > 0 && self.planted == self.found
    }
}

/// A way to break a table.
struct Hole {
    kind: &'static str,
    /// The statements that plant it, as the owner.
    script: String,
    /// Whether statements can show it, so that the matrix finds it, too.
    is_shown: bool,
}

/// A hole that only the catalogue shows.
fn silent(kind: &'static str, script: String) -> Hole {
    Hole { kind, script, is_shown: false }
}

/// A hole that statements show, too.
fn shown(kind: &'static str, script: String) -> Hole {
    Hole { kind, script, is_shown: true }
}

/// Plants every hole, and drops the copy, also after an error.
pub(crate) async fn run(session: &Maintenance, subject: Subject<'_>, logins: &Logins) -> Result<SelfTest> {
    let claim = Claim::take(logins, subject.dialect).await?;
    copy::drop_leftovers(session, &claim).await?;
    let namespace = copy::name(&claim);
    let subject = Subject { namespace: &namespace, ..subject };
    let copy = Copy { session, subject, scratch: Scratch::of(claim, subject) };
    let tested = plant_all(&copy, logins).await;
    copy.drop().await?;
    tested
}

async fn plant_all(copy: &Copy<'_>, logins: &Logins) -> Result<SelfTest> {
    copy.make().await?;
    let baseline = copy.examine("").await?;
    let mut bench = Bench::open(copy.subject, logins, copy.scratch.keys).await?;
    for table in copy.subject.models.tables() {
        bench.try_table(table).await?;
    }
    require_clean(baseline.iter().chain(&bench.take_findings()))?;

    let mut test = SelfTest::default();
    let mut kinds: Vec<&'static str> = Vec::new();
    for table in representatives(copy.subject) {
        for hole in holes(copy.subject, table) {
            kinds.push(hole.kind);
            test.planted += 1;
            test.shown_by_statements += usize::from(hole.is_shown);
            let missed = plant(copy, &mut bench, table, &hole, &baseline).await?;
            test.found += usize::from(missed.is_empty());
            test.missed.extend(missed.into_iter().map(|part| Missed { kind: hole.kind, table: table.name, part }));
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    test.kinds = kinds.len();
    Ok(test)
}

/// Plants one hole; the parts that missed it.
async fn plant(
    copy: &Copy<'_>,
    bench: &mut Bench<'_>,
    table: &'static Table,
    hole: &Hole,
    baseline: &[Finding],
) -> Result<Vec<Part>> {
    let findings = copy.examine(&hole.script).await?;
    let is_new = |finding: &&Finding| finding.severity > Severity::Note && !baseline.contains(finding);
    let mut missed = Vec::new();
    if !findings.iter().any(|finding| is_new(&finding)) {
        missed.push(Part::Catalogue);
    }
    if hole.is_shown {
        copy.session.run(&hole.script).await?;
        bench.try_table(table).await?;
        if !bench.take_findings().iter().any(|finding| finding.severity == Severity::Failure) {
            missed.push(Part::Matrix);
        }
        copy.make().await?;
    }
    Ok(missed)
}

/// One table of each shape: broken twice the same way, two tables of one shape prove nothing more.
fn representatives(subject: Subject<'_>) -> Vec<&'static Table> {
    let shape = |table: &Table| {
        let scope = std::mem::discriminant(&table.scope);
        (scope, table.append_only, keys::composite(table).is_some(), table.login.is_some())
    };
    let mut chosen: Vec<&'static Table> = Vec::new();
    for table in subject.models.tables() {
        if !chosen.iter().any(|known| shape(known) == shape(table)) {
            chosen.push(table);
        }
    }
    chosen
}

/// The holes that fit a table.
fn holes(subject: Subject<'_>, table: &'static Table) -> Vec<Hole> {
    let target = Target { dialect: subject.dialect, schema: subject.namespace };
    let mut holes = policies::holes(table, target);
    holes.extend(keys::holes(table, target));
    holes.extend(grants::holes(table, target));
    if table.scope != Scope::Shared {
        holes.extend(strangers::holes(table, target));
    }
    holes
}

/// On a copy that is no proof by itself, finding a hole proves nothing.
fn require_clean<'a>(findings: impl Iterator<Item = &'a Finding>) -> Result<()> {
    let mut failures = findings.filter(|finding| finding.severity == Severity::Failure);
    match failures.next() {
        None => Ok(()),
        Some(first) => Err(Error::new(
            Kind::Server,
            format!("the self-test's copy has a hole before one was planted: {}: {}", first.object, first.what),
        )
        .help("audit the database itself first; default privileges or event triggers may be the cause")),
    }
}
