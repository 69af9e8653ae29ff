//! Runs a file in the throw-away database, statement by statement, and looks at what each does.

use std::collections::BTreeMap;

use super::super::file::Migration;
use super::super::forbidden::runs_alone;
use super::super::ledger;
use super::super::split::Statement;
use super::super::step::{self, Assert, BATCH, Step, StepKind};
use super::exceptions::Exceptions;
use super::finding::{Finding, Rule};
use super::ignores;
use super::locks::{self, Locks};
use super::observed::Observed;
use super::rules::{LABEL_TOO_EARLY, REFUSED_FILE, REFUSED_STATEMENT, judge, standing};
use super::seen::{Existing, Seen};
use super::text::written;
use super::world::{Oid, World};
use crate::error::Result;
use crate::session::{Maintenance, Refusal};

/// Has the server tell what it scans, writes anew and builds.
const TELL: &str = "client_min_messages = debug1";

/// Has the server write anew what it may take as it is in a session of another time zone: the deploy's is not known.
const ELSEWHERE: &str = "SET TIME ZONE INTERVAL '+05:45' HOUR TO MINUTE";

/// What was seen of a file, and whether the server took it whole.
pub(super) struct File {
    pub(super) findings: Vec<Finding>,
    pub(super) observed: Vec<Observed>,
    pub(super) is_whole: bool,
}

/// Observes one file.
pub(super) async fn file(session: &Maintenance, migration: &Migration, exceptions: &Exceptions) -> Result<File> {
    let up = migration.up();
    let steps = match step::parse(&up) {
        Ok((steps, _)) => steps,
        Err(fault) => {
            let line = super::super::position::Position::of_byte(&up, fault.offset).line();
            let finding = plain(migration.id(), line, &REFUSED_FILE, fault.what, fault.advice);
            return Ok(File { findings: vec![finding], observed: Vec::new(), is_whole: false });
        }
    };
    session.renew().await?;
    // The runner's own tables are there before a first migration's.
    ledger::ensure(session).await?;
    let mut observer = Observer::new(session, migration.id()).await?;
    let mut is_whole = true;
    for step in &steps {
        is_whole = observer.step(step).await?;
        if !is_whole {
            break;
        }
    }
    let seen = std::mem::take(&mut observer.observed);
    let findings = ignores::apply(migration.id(), &up, &steps, observer.end());
    Ok(File { findings: exceptions.apply(migration.id(), findings), observed: seen, is_whole })
}

fn plain(migration: &str, line: usize, rule: &Rule, why: String, instead: &str) -> Finding {
    Finding {
        migration: migration.to_owned(),
        line,
        rule: rule.name,
        severity: rule.severity,
        table: None,
        lock: None,
        why,
        instead: instead.to_owned(),
    }
}

struct Observer<'a> {
    session: &'a Maintenance,
    migration: &'a str,
    existing: Existing,
    start: World,
    world: World,
    /// The locks of the transaction that is open.
    held: Locks,
    /// On which line it took those that others wait for.
    since: BTreeMap<Oid, usize>,
    /// Behind which line each thing has been wrong that was right at the start.
    wrong: BTreeMap<(&'static str, Oid), usize>,
    findings: Vec<Finding>,
    observed: Vec<Observed>,
}

impl<'a> Observer<'a> {
    async fn new(session: &'a Maintenance, migration: &'a str) -> Result<Self> {
        // From here on the server's messages are kept.
        session.notices();
        let start = World::read(session).await?;
        Ok(Self {
            session,
            migration,
            existing: start.tables.keys().copied().collect(),
            world: start.clone(),
            start,
            held: Locks::new(),
            since: BTreeMap::new(),
            wrong: BTreeMap::new(),
            findings: Vec::new(),
            observed: Vec::new(),
        })
    }

    /// Runs a step as a deploy does, and says whether the server took it.
    async fn step(&mut self, step: &Step<'_>) -> Result<bool> {
        self.session.renew().await?;
        self.session.run(ELSEWHERE).await?;
        (self.held, self.since) = (Locks::new(), BTreeMap::new());
        let is_outside = step.kind == StepKind::Autocommit && step.statements.iter().all(|one| runs_alone(*one));
        if !is_outside {
            self.session.run("BEGIN").await?;
        }
        if !self.asserts(step).await? {
            self.session.run("ROLLBACK").await?;
            return Ok(false);
        }
        for statement in &step.statements {
            let line = step.position(statement.offset).line();
            if let Err(refusal) = self.statement(statement, line, step, is_outside).await? {
                self.refused(line, &refusal);
                self.session.run("ROLLBACK").await?;
                return Ok(false);
            }
        }
        let ended = if is_outside { Ok(()) } else { self.session.run("COMMIT").await };
        if let (Err(refusal), Some(last)) = (&ended, step.statements.last()) {
            self.refused(step.position(last.offset).line(), refusal);
        }
        Ok(ended.is_ok())
    }

    async fn asserts(&mut self, step: &Step<'_>) -> Result<bool> {
        for Assert { message, statement } in &step.asserts {
            let line = step.position(statement.offset).line();
            match self.session.ask(statement.text).await {
                Ok(rows) if rows.first().and_then(|row| row.first()).is_some_and(|one| one.as_deref() == Some("t")) => {
                }
                Ok(_) => {
                    let why = format!("it asserts that {message}, and where the tables have no rows that is false");
                    let instead = "write a SELECT that gives true where there is nothing to find";
                    self.findings.push(plain(self.migration, line, &REFUSED_STATEMENT, why, instead));
                    return Ok(false);
                }
                Err(refusal) => {
                    self.refused(line, &refusal);
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    async fn statement(
        &mut self,
        statement: &Statement<'_>,
        line: usize,
        step: &Step<'_>,
        is_outside: bool,
    ) -> Result<Result<(), Refusal>> {
        let session = self.session;
        session.run(&format!("SET {}{TELL}", if is_outside { "" } else { "LOCAL " })).await?;
        let writes = if is_outside { Vec::new() } else { self.written(statement.text).await? };
        session.notices();
        let ran = match &step.kind {
            StepKind::Backfill(_) => session.run(&statement.text.replace(BATCH, "true")).await,
            _ => session.run(statement.text).await,
        };
        if let Err(refusal) = ran {
            return Ok(Err(refusal));
        }
        let notices = session.notices();
        let locks = if is_outside { Locks::new() } else { locks::read(session).await? };
        let after = World::read(session).await?;
        let seen = Seen {
            migration: self.migration,
            line,
            text: statement.text,
            existing: &self.existing,
            before: &self.world,
            after: &after,
            held: &self.held,
            locks: &locks,
            since: &self.since,
            notices: &notices,
            writes: &writes,
        };
        self.observed.push(seen.observed());
        // A backfill's batches are short, each by itself.
        if !matches!(step.kind, StepKind::Backfill(_)) {
            self.findings.extend(judge(&seen));
        }
        self.note(&locks, line);
        (self.world, self.held) = (after, locks);
        self.look(line);
        Ok(Ok(()))
    }

    /// The tables whose rows a statement writes.
    async fn written(&self, text: &str) -> Result<Vec<Oid>> {
        let mut found = Vec::new();
        for name in written(text) {
            let sql = "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid::bigint";
            let rows = self.session.rows(sql, &[(&name, postgres_types::Type::TEXT)]).await;
            // What is no name, the server refuses in the statement itself, with better words.
            let Ok(rows) = rows else { continue };
            let oid: Option<i64> = rows.first().map_or(Ok(None), |row| row.read(0))?;
            found.extend(oid.and_then(|oid| Oid::try_from(oid).ok()));
        }
        Ok(found)
    }

    fn note(&mut self, locks: &Locks, line: usize) {
        for (oid, lock) in locks.iter().filter(|(oid, lock)| lock.blocks_writes() && self.existing.contains(oid)) {
            if self.held.get(oid).is_none_or(|held| held < lock) {
                self.since.insert(*oid, line);
            }
        }
    }

    /// Notes what is wrong by now, and what is right again.
    fn look(&mut self, line: usize) {
        let faults = standing(&self.world);
        self.wrong.retain(|key, _| faults.contains_key(key));
        for key in faults.into_keys() {
            self.wrong.entry(key).or_insert(line);
        }
    }

    /// Notes that the server refused.
    fn refused(&mut self, line: usize, refusal: &Refusal) {
        let why = refusal.error.message().to_owned();
        // 55P04 is of labels alone.
        let (rule, instead) = if refusal.code() == "55P04" {
            (
                &LABEL_TOO_EARLY,
                "add the label in a step of its own, before:\n-- waygate:step autocommit\nALTER TYPE … ADD VALUE …;",
            )
        } else {
            (&REFUSED_STATEMENT, "correct the statement: a deploy fails here too")
        };
        self.findings.push(plain(self.migration, line, rule, why, instead));
    }

    /// The findings, with what is wrong at the end and was not at the start.
    fn end(mut self) -> Vec<Finding> {
        let before = standing(&self.start);
        for (key, fault) in standing(&self.world).into_iter().filter(|(key, _)| !before.contains_key(key)) {
            let Some(line) = self.wrong.get(&key).copied() else { continue };
            let table = fault.table.and_then(|oid| self.world.tables.get(&oid)).map(|table| table.name.clone());
            let finding = plain(self.migration, line, &fault.rule, fault.why, &fault.instead);
            self.findings.push(Finding { table, ..finding });
        }
        self.findings
    }
}
