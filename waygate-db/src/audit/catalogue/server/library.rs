//! The library's own objects in schema `waygate`, against what the library renders.

use super::super::{
    Facts, advice, failure, grants, not_rendered, policies, publications, rows_of, scratch_name, strangers, tables,
};
use crate::audit::{Finding, Severity, Subject};
use crate::error::Result;
use crate::migrate::ledger;
use crate::session::{Maintenance, Tuple};
use crate::sql::ddl::library_copy;

/// Where the library's objects stand.
const HOME: &str = "waygate";
/// What the event trigger of `setup` runs; a superuser's, and in no migration.
const CLOSER: &str = "waygate.enable_row_security()";

/// A function or a domain, as a name and what it is made of, a part each.
struct Made {
    name: String,
    parts: Vec<String>,
}

/// What each of a function's parts is, in the order of [`FUNCTIONS`].
const PARTS: [&str; 6] = ["body", "owner", "rights it runs with", "settings", "language and volatility", "callers"];

const FUNCTIONS: &str = include_str!("functions.sql");

const DOMAINS: &str = "
    SELECT domain.typname::text, ARRAY[coalesce(string_agg(
        pg_get_constraintdef(held.oid) || CASE WHEN held.convalidated THEN '' ELSE ' NOT VALID' END,
        '; ' ORDER BY held.conname), '')]
    FROM pg_type domain JOIN pg_namespace home ON home.oid = domain.typnamespace
    LEFT JOIN pg_constraint held ON held.contypid = domain.oid
    WHERE home.nspname = $1 AND domain.typtype = 'd'
    GROUP BY domain.typname";

/// What became of the comparison.
pub(super) struct Compared {
    pub(super) findings: Vec<Finding>,
    /// The functions that are as they have to be, or of which a finding says otherwise.
    pub(super) compared: Vec<String>,
}

pub(super) async fn examine(session: &Maintenance, subject: Subject<'_>) -> Result<Compared> {
    let found = Facts::read(session, HOME).await?;
    let functions = made(session, FUNCTIONS, HOME).await?;
    let domains = made(session, DOMAINS, HOME).await?;

    let rendered = scratch_name();
    let sql = library_copy(subject.models, subject.dialect, &rendered);
    session.run(&sql).await.map_err(not_rendered)?;
    let expected = Facts::read(session, &rendered).await?;
    let wanted_functions = made(session, FUNCTIONS, &rendered).await?;
    let wanted_domains = made(session, DOMAINS, &rendered).await?;

    let home = Subject { namespace: HOME, ..subject };
    let known: Vec<&str> = expected.tables.iter().map(|table| table.name.as_str()).collect();
    let is_judged = |table: &str| known.contains(&table) && found.tables.iter().any(|one| one.name == table);
    let mut findings = tables::compare(&expected.tables, &found.tables, HOME);
    findings.extend(policies::compare(&expected.policies, &found.policies, HOME, is_judged));
    findings.extend(grants::compare(&expected.grants, &found.grants, home, is_judged));
    findings.extend(wanted_functions.iter().flat_map(|wanted| function(wanted, &functions, &rendered)));
    findings.extend(extra(&functions, &wanted_functions));
    findings.extend(wanted_domains.iter().filter_map(|wanted| domain(wanted, &domains)));
    // The runner makes the ledger of migrations.
    let ledger = ledger::TABLES.map(|table| format!("{HOME}.{table}"));
    let is_ledger = |one: &Finding| ledger.contains(&one.object) && one.severity < Severity::Failure;
    findings.extend(strangers::examine(session, home, &known).await?.into_iter().filter(|one| !is_ledger(one)));
    findings.extend(publications::of_library(session, HOME).await?);
    let closer = format!("function {CLOSER}");
    let compared = wanted_functions.iter().map(Made::function).chain([closer]).collect();
    Ok(Compared { findings, compared })
}

impl Made {
    /// A function, as findings name it.
    fn function(&self) -> String {
        format!("function {HOME}.{}", self.name)
    }
}

async fn made(session: &Maintenance, sql: &str, namespace: &str) -> Result<Vec<Made>> {
    let rows = rows_of(session, sql, namespace).await?;
    rows.iter().map(|row: &Tuple| Ok(Made { name: row.read(0)?, parts: row.read(1)? })).collect()
}

fn function(wanted: &Made, found: &[Made], rendered: &str) -> Vec<Finding> {
    let object = wanted.function();
    let help = "replace it as `schema sql` prints it";
    let Some(function) = found.iter().find(|function| function.name == wanted.name) else {
        return vec![advice("library-function", object, "the function is not there".to_owned(), help)];
    };
    let pairs = PARTS.iter().zip(wanted.parts.iter().zip(&function.parts));
    let differing = pairs.filter(|(_, (wanted, found))| wanted.replace(rendered, HOME) != **found);
    differing
        .map(|(part, _)| {
            let what = format!("its {part} is not what the library renders");
            failure("library-function", object.clone(), what, help)
        })
        .collect()
}

/// Functions of somebody else among the library's.
fn extra(found: &[Made], wanted: &[Made]) -> Vec<Finding> {
    let is_known = |function: &Made| {
        wanted.iter().any(|one| one.name == function.name) || format!("{HOME}.{}", function.name) == CLOSER
    };
    let finding = |function: &Made| {
        let what = "the library has no such function".to_owned();
        advice("library-function", function.function(), what, "drop it, or move it to a schema of your own")
    };
    found.iter().filter(|function| !is_known(function)).map(finding).collect()
}

fn domain(wanted: &Made, found: &[Made]) -> Option<Finding> {
    let is_same = found.iter().any(|domain| domain.name == wanted.name && domain.parts == wanted.parts);
    (!is_same).then(|| {
        let what = "its check is not what the library renders: plain text may stand where a sealed value belongs";
        let help = "give it the check that `schema sql` prints";
        failure("library-domain", format!("domain {HOME}.{}", wanted.name), what.to_owned(), help)
    })
}
