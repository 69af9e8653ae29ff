//! The catalogue: what the server has, against what the models render on that same server.
//!
//! The tables are rendered once more into a schema of their own, in a transaction that is always rolled back
//! ([`aside`]). Both schemas are read by the same queries, each with itself first in the search path, so that the server
//! prints two equal expressions alike, whatever its version; then they are compared, one file per kind of thing:
//!
//! - [`tables`], [`columns`], [`policies`], [`grants`], [`foreign_keys`], [`indexes`] and [`triggers`] of the models;
//! - [`strangers`], [`children`], [`rules`], [`views`], [`routines`] and [`publications`]: other ways to the same rows;
//! - [`server`] holds what belongs to server and database: version, roles, rights, the library's own objects.

mod aside;
mod children;
mod columns;
mod foreign_keys;
mod grants;
mod indexes;
mod policies;
mod publications;
mod routines;
mod rules;
pub(crate) mod server;
mod strangers;
mod tables;
mod triggers;
mod views;

use postgres_types::Type;

use super::{Finding, Part, Severity, Subject};
use crate::error::{Error, Kind, Result};
use crate::schema::{Scope, Table};
use crate::session::{Maintenance, Refusal, Tuple};
use crate::sql::ddl::{Target, tables_sql};
use crate::sql::identifier::ident;

use aside::Aside;

/// Compares the tables of a schema with what the models render, and looks for other ways to their rows.
///
/// It may run inside the caller's transaction, and then sees what that has done; nothing of its own stays.
pub(crate) async fn examine(session: &Maintenance, subject: Subject<'_>) -> Result<Vec<Finding>> {
    let aside = Aside::begin(session).await?;
    let findings = compare_tables(session, subject).await;
    aside.undo(findings).await
}

async fn compare_tables(session: &Maintenance, subject: Subject<'_>) -> Result<Vec<Finding>> {
    let found = Facts::read(session, subject.namespace).await?;
    let indexes = indexes::read(session, subject.namespace).await?;
    let known: Vec<&str> = subject.models.tables().map(|table| table.name).collect();
    let mut elsewhere = Vec::new();
    elsewhere.extend(strangers::examine(session, subject, &known).await?);
    elsewhere.extend(children::examine(session, subject).await?);
    elsewhere.extend(rules::examine(session, subject).await?);
    elsewhere.extend(views::examine(session, subject, Reach::Inside).await?);
    elsewhere.extend(routines::examine(session, subject, Reach::Inside).await?);
    elsewhere.extend(publications::examine(session, subject).await?);

    let rendered = scratch_name();
    let target = Target { dialect: subject.dialect, schema: &rendered };
    let tables = tables_sql(subject.models, target).join("\n\n");
    session.run(&format!("CREATE SCHEMA {};\n{tables}", ident(&rendered))).await.map_err(not_rendered)?;
    let expected = Facts::read(session, &rendered).await?;

    let mut findings = expected.compare(&found, subject);
    let is_there = |table: &str| found.tables.iter().any(|one| one.name == table);
    findings.extend(indexes::judge(&indexes, subject, is_there));
    findings.extend(elsewhere);
    Ok(findings)
}

/// What is compared, as one schema has it.
struct Facts {
    tables: Vec<tables::Fact>,
    columns: Vec<columns::Fact>,
    policies: Vec<policies::Fact>,
    grants: Vec<grants::Fact>,
    foreign_keys: Vec<foreign_keys::Fact>,
    triggers: Vec<triggers::Fact>,
}

impl Facts {
    async fn read(session: &Maintenance, namespace: &str) -> Result<Self> {
        // What stands in the schema prints without its name; the types are in public for both.
        let path = "SELECT set_config('search_path', quote_ident($1) || ', public', true)";
        session.rows(path, &[(&namespace, Type::TEXT)]).await?;
        Ok(Self {
            tables: tables::read(session, namespace).await?,
            columns: columns::read(session, namespace).await?,
            policies: policies::read(session, namespace).await?,
            grants: grants::read(session, namespace).await?,
            foreign_keys: foreign_keys::read(session, namespace).await?,
            triggers: triggers::read(session, namespace).await?,
        })
    }

    /// What differs from these facts, which are the expected ones.
    fn compare(&self, found: &Self, subject: Subject<'_>) -> Vec<Finding> {
        let mut findings = tables::compare(&self.tables, &found.tables, subject.namespace);
        // A table that is not there is told once.
        let is_there = |table: &str| found.tables.iter().any(|one| one.name == table);
        let is_judged = |table: &str| subject.models.table(table).is_some() && is_there(table);
        findings.extend(columns::compare(&self.columns, &found.columns, subject, is_judged));
        findings.extend(policies::compare(&self.policies, &found.policies, subject.namespace, is_judged));
        findings.extend(grants::compare(&self.grants, &found.grants, subject, is_judged));
        findings.extend(foreign_keys::compare(&self.foreign_keys, &found.foreign_keys, subject, is_judged));
        findings.extend(triggers::compare(&self.triggers, &found.triggers, subject.namespace, is_judged));
        findings
    }
}

/// Which schemas are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The subject's own.
    Inside,
    /// All others but the system's.
    Elsewhere,
}

/// All rows of a query over one schema.
async fn rows_of(session: &Maintenance, sql: &str, namespace: &str) -> Result<Vec<Tuple>> {
    Ok(session.rows(sql, &[(&namespace, Type::TEXT)]).await?)
}

/// The columns that say whose a row is: its tenant's, or its parent's where the parent decides.
fn owner_column(table: &Table) -> Option<&'static str> {
    match table.scope {
        Scope::Shared => None,
        Scope::Key => Some(table.key_column().name),
        Scope::Column(column) | Scope::Through { column, .. } => Some(table.column_at(column).name),
    }
}

fn finding(severity: Severity, rule: &'static str, object: String, what: String, help: impl Into<String>) -> Finding {
    Finding { part: Part::Catalogue, severity, rule, object, what, help: help.into() }
}

fn failure(rule: &'static str, object: String, what: String, help: impl Into<String>) -> Finding {
    finding(Severity::Failure, rule, object, what, help)
}

fn advice(rule: &'static str, object: String, what: String, help: impl Into<String>) -> Finding {
    finding(Severity::Advice, rule, object, what, help)
}

fn note(rule: &'static str, object: String, what: String) -> Finding {
    finding(Severity::Note, rule, object, what, "")
}

/// A name that no schema has.
fn scratch_name() -> String {
    format!("waygate_audit_{}", uuid::Uuid::new_v4().simple())
}

/// A rendering that was refused for what the database is; a busy table or a lost connection says so itself.
fn not_rendered(refusal: Refusal) -> Error {
    let code = refusal.code().to_owned();
    let help = match code.as_str() {
        "42501" => "waygate_owner has to own the database, its schemas and all in them: `setup` hands them over",
        code if code.starts_with("42") || code.starts_with("3F") => {
            "run `migrate deploy` first; the audit compares a database that is deployed"
        }
        _ => return refusal.into(),
    };
    Error::new(Kind::Server, format!("the models do not fit this database (SQLSTATE {code})"))
        .help(help)
        .reported(refusal.into_report())
}
