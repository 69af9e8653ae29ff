//! What a deploy would do, without doing it.

use serde::Serialize;

use super::{DeployOptions, rights};
use crate::error::Result;
use crate::migrate::file::Migration;
use crate::migrate::foreign::refuse_foreign_objects;
use crate::migrate::ledger::StepState;
use crate::migrate::plan::{Ledger, plan_with};
use crate::migrate::split::Statement;
use crate::migrate::step::Step;
use crate::session::Maintenance;

/// What a deploy would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// What it would apply, in order.
    pub pending: Vec<PreviewedMigration>,
    /// What it would note as applied without running it.
    pub squashed: Vec<String>,
    /// How many migrations are applied.
    pub already_applied: usize,
    /// What is unusual but no reason to stop.
    pub warnings: Vec<String>,
}

/// A migration that a deploy would apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewedMigration {
    /// The folder's name.
    pub id: String,
    /// Its steps, those that are done among them.
    pub steps: Vec<PreviewedStep>,
}

/// A step that a deploy would run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewedStep {
    /// Its place, from one.
    pub step: i32,
    /// `tx`, `autocommit` or `backfill`.
    pub kind: &'static str,
    /// `pending`, or where an earlier deploy left it: `running`, `done` or `failed`.
    pub state: String,
    /// What would be checked before it.
    pub asserts: Vec<String>,
    /// The beginnings of its statements.
    pub statements: Vec<String>,
}

/// Says what a deploy of these files would do. Takes no lock and writes nothing.
///
/// # Errors
///
/// What would refuse the deploy before its first statement, as [`deploy`](super::deploy) says it.
pub async fn preview(conn: &Maintenance, files: &[Migration], options: DeployOptions) -> Result<Preview> {
    let ledger = Ledger::read(conn, files).await?;
    let plan = plan_with(files, &ledger, options.order())?;
    plan.pending.iter().try_for_each(|file| file.check())?;
    if ledger.is_empty() && !plan.pending.is_empty() {
        refuse_foreign_objects(conn).await?;
    }
    rights::require(conn, &plan.pending).await?;
    let pending = plan.pending.iter().map(|file| PreviewedMigration::of(file, &ledger.steps));
    Ok(Preview {
        pending: pending.collect::<Result<_>>()?,
        squashed: plan.squashed.iter().map(|file| file.id().to_owned()).collect(),
        already_applied: plan.applied,
        warnings: plan.warnings,
    })
}

impl PreviewedMigration {
    fn of(file: &Migration, states: &[StepState]) -> Result<Self> {
        let up = file.up();
        let (steps, _) = file.parse(&up)?;
        let state = |step: &Step<'_>| {
            let found = states.iter().find(|state| state.id == file.id() && state.step == step.number);
            found.map_or_else(|| "pending".to_owned(), |state| state.state.clone())
        };
        let steps = steps.iter().map(|step| PreviewedStep {
            step: step.number,
            kind: step.kind.as_str(),
            state: state(step),
            asserts: step.asserts.iter().map(|assert| assert.message.to_owned()).collect(),
            statements: step.statements.iter().map(Statement::summary).collect(),
        });
        Ok(Self { id: file.id().to_owned(), steps: steps.collect() })
    }
}
